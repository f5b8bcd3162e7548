/** Where worker threads find their module, from the sources and from a build alike. */
import type { WorkerEntry } from '../engine/study/threads.ts'

const isSource = import.meta.url.endsWith('.ts')

/** The module for markets without plain strategies; from the sources it is loaded through tsx, a tool of development. */
export const workerEntry: WorkerEntry = {
  url: new URL(isSource ? './worker.ts' : './worker.js', import.meta.url),
  execArgv: isSource ? ['--import', import.meta.resolve('tsx')] : undefined,
}
