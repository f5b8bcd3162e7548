/** The module that worker threads run: batches of markets whose startups may follow any packaged strategy. */
import { batchWorker } from '../engine/study/worker.ts'
import { strategies } from './strategies/index.ts'

export default batchWorker({ strategies })
