/** A module of worker threads as users write one: it knows a rule that is a function of arrays. */
import type { PlainStrategy } from '../../engine/simulation/plain-strategies.ts'
import { batchWorker } from '../../engine/run/worker.ts'

/** Spends the same on marketing every month. */
export const busy: PlainStrategy = { name: 'mine', decide: ({ does }) => does.marketing.fill(5e5) }

export default batchWorker({ plainStrategies: [busy] })
