/** The module that worker threads of studies run: units of markets that follow the packaged strategies. */
import { unitWorker } from '../engine/study/units/unit-worker.ts'
import { strategies } from './strategies/index.ts'

export default unitWorker({ strategies })
