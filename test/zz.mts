import { runStudy } from '../engine/study/run-study.ts'
import { loadScenario } from '../scenarios/index.ts'
import { studyWorkerEntry } from '../agents/worker-entry.ts'
import { strategies } from '../agents/strategies/index.ts'
const base = loadScenario('three-ways', {set:['demography=expected']})
const alt = loadScenario('three-ways', {set:['demography=expected','startups.freemium.plans.free.cap=300']})
const def = { name:'x', title:'X', seed:'1', record:(process.argv[3]??'summary') as any, variants:[{name:'base', markets:[base]},{name:'capped',markets:[alt]}], baseline:'base', structures:[{}], luck:'common' as const,
 design:{kind:'latin-hypercube' as const, points:20, factors:[{path:'parameters.computePrice', distribution:{law:'log-uniform' as const, low:.003, high:.09}}]},
 replications:{first:100, step:100, most:300, targets:[{metric:'alive', halfWidth:.08}]}, metrics:[{name:'alive', of:'startups.freemium.alive', unit:'share'},{name:'profit',of:'startups.freemium.profit',unit:'EUR'},{name:'mrr',of:'startups.freemium.profit',above:0,unit:'share'}],
 discovery:[{name:'lives',variant:'base',metric:'alive',above:.9,objective:'lenient1' as const,peel:.05,paste:.05,minimumMass:.05,coverage:.8}], annualRate:.1, resamples:100 }
let t=performance.now()
const r = await runStudy(def, {folder: process.argv[2], workers: Number(process.argv[4]??2), workerEntry: studyWorkerEntry, strategies, overwrite: !process.argv.includes('resume'), resume: process.argv.includes('resume'), onProgress: (p)=>{ if (process.argv.includes('v')) console.log(JSON.stringify(p)) }})
console.log(performance.now()-t, r.isComplete, r.isComplete ? JSON.stringify(r.summary.replications)+JSON.stringify(r.summary.metrics.slice(0,4))+JSON.stringify(r.summary.comparisons)+JSON.stringify(r.summary.discovery) : r.status)
