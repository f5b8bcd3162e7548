/** The module that worker threads run: batches of markets that were compiled with any traced strategy. */
import { batchWorker } from '../engine/run/worker.ts'

export default batchWorker()
