import { loadStudy } from '../scenarios/index.ts'
import { study } from '../index.ts'
import { rmSync } from 'node:fs'
for (const n of process.argv.slice(2)) { const t=performance.now(); const d=loadStudy(n); rmSync('/tmp/t/st-'+n,{recursive:true,force:true});
 const r = await study(d,{folder:'/tmp/t/st-'+n}).result; console.log(n, ((performance.now()-t)/1000).toFixed(1)+' s');
 if (r.isComplete) { const s=r.summary; console.log(JSON.stringify(s.replications)); for (const m of s.metrics) console.log(m.variant,m.metric,JSON.stringify(m.mean),JSON.stringify(m.range)); for (const c of s.comparisons) console.log(c.variant,c.metric,JSON.stringify(c.difference),c.higher,c.lower,c.correlation,c.varianceReduction,c.unpairedReplications); for (const x of s.sensitivity.filter(x=>x.metric==='profit'||x.measure==='rank')) console.log(x.metric,x.parameter,x.measure,x.estimate?.toFixed(3),x.low?.toFixed(3),x.high?.toFixed(3)); console.log(JSON.stringify(s.discovery.map(({found,...o})=>({...o,cov:found?.coverage,den:found?.density})),null,1)) } else console.log(r) }
