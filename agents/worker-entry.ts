/** Where worker threads find their module, from the sources and from a build alike. */
import type { WorkerEntry } from '../engine/run/threads.ts'

const isSource = import.meta.url.endsWith('.ts')

/** The module for runs of markets without plain strategies. */
export const workerEntry = entryOf('worker')

/** The module for studies. */
export const studyWorkerEntry = entryOf('study-worker')

/** From the sources a module is loaded through tsx, a tool of development. */
function entryOf(name: string): WorkerEntry {
  return {
    url: new URL(`./${name}.${isSource ? 'ts' : 'js'}`, import.meta.url),
    execArgv: isSource ? ['--import', import.meta.resolve('tsx')] : undefined,
  }
}
