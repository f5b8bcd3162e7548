import { simulate, study, loadScenario } from '../index.ts'
import { rmSync, readdirSync, statSync } from 'node:fs'
const [,, what, n='100000', w='1', record='summary', sc='three-ways'] = process.argv
const market = loadScenario(sc, {set:['demography=expected']})
const folder = '/tmp/t/bench-'+what
rmSync(folder,{recursive:true,force:true})
const t=performance.now(); const c0=process.cpuUsage()
if (what==='run') await simulate(market,{replications:Number(n), workers:Number(w), folder})
else {
 const N=Number(n)
 const s = market.startups.map(x=>x.id)
 const def = { name:'x', title:'X', seed:'1', record: record as 'summary', variants:[{name:'base', markets:[market]}], structures:[{}], luck:'common' as const, design:{kind:'point' as const}, replications:{first:N,step:N,most:N,targets:[]},
 metrics: s.flatMap(id=>['alive','profit','share'].map(c=>({name:id+'.'+c, of:`startups.${id}.${c}`, unit:''}))), discovery:[], annualRate:.1, resamples:100 }
 const r = await study(def,{folder, workers:Number(w)}).result
 if(!r.isComplete) console.log(r)
}
const c=process.cpuUsage(c0)
console.log(what, n, w, record, ((performance.now()-t)/1000).toFixed(2)+' s', 'cpu', ((c.user+c.system)/1e6).toFixed(2), 'maxrss MiB', (process.resourceUsage().maxRSS/1024).toFixed(0), readdirSync(folder).map(f=>f+':'+(statSync(folder+'/'+f).size/2**20).toFixed(1)).join(' '))
