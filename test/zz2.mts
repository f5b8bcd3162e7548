import { study, loadScenario } from '../index.ts'
import { rmSync } from 'node:fs'
const market = loadScenario('large-model-market', {set:['demography=expected']})
const P=Number(process.argv[2]), R=Number(process.argv[3]), w=Number(process.argv[4]??1)
const def = { name:'x', title:'X', seed:'1', record: 'outcomes' as const, variants:[{name:'base', markets:[market]}], structures:[{}], luck:'common' as const, design:{kind:'latin-hypercube' as const, points:P, factors:['computePrice','adAversion','wordOfMouth'].map(n=>({path:'parameters.'+n, distribution:{law:'uniform' as const, low:.01, high:.3}}))}, replications:{first:R,step:R,most:R,targets:[]},
 metrics: [{name:'a',of:'startups.free-ads.alive',unit:'share'},{name:'p',of:'startups.free-ads.profit',unit:'EUR'}], discovery:[], annualRate:.1, resamples:100 }
rmSync('/tmp/t/p',{recursive:true,force:true})
const t=performance.now()
const r=await study(def,{folder:'/tmp/t/p', workers:w}).result
console.log(P,R, ((performance.now()-t)/1000).toFixed(2), r.isComplete ? r.summary.sensitivity.length : r)
