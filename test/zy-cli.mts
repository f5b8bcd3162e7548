import { runStudy } from '../engine/study/run-study.ts'
import { loadScenario } from '../scenarios/index.ts'
import { studyWorkerEntry } from '../agents/worker-entry.ts'
import { strategies } from '../agents/strategies/index.ts'
const base = loadScenario('three-ways', {set:['demography=expected']})
const alt = loadScenario('three-ways', {set:['demography=expected','startups.freemium.plans.free.cap=300']})
const def = { name:'x', title:'X', seed:'1', record:(process.argv[3]??'summary') as any, variants:[{name:'base', markets:[base]},{name:'capped',markets:[alt]}], baseline:'base', structures:[{}],
 design:{kind:'latin-hypercube' as const, points:20, factors:[{path:'parameters.computePrice', distribution:{law:'log-uniform' as const, low:.003, high:.09}}]},
 replications:{first:100, step:100, most:300, targets:[{metric:'alive', halfWidth:.08}]}, metrics:[{name:'alive', of:'startups.freemium.alive', unit:'share'},{name:'profit',of:'startups.freemium.profit',unit:'EUR'},{name:'mrr',of:'startups.freemium.profit',above:0,unit:'share'}],
 discovery:[{name:'lives',variant:'base',metric:'alive',above:.9,objective:'lenient1' as const,peel:.05,paste:.05,minimumMass:.05,coverage:.8}], annualRate:.1, resamples:100 }

import { writeFileSync } from 'node:fs'
const r = await runStudy(def, {workers: 2, workerEntry: studyWorkerEntry, strategies})
if (r.isComplete) writeFileSync('/tmp/zy-summary.json', JSON.stringify(r.summary, null, 1))
else console.log(r.status)
