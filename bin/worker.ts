/** `rivalry worker`: computes units of a study that others began, as a queue hands them out. */
import type { Command } from 'commander'
import { studyWorkerEntry } from '../agents/worker-entry.ts'
import type { RivalryError } from '../engine/errors.ts'
import { usableCores } from '../engine/run/cores.ts'
import { optionValues } from '../engine/run/options.ts'
import { shownAddress } from '../engine/study/queue/queue-connection.ts'
import {
  workOnQueue,
  type QueueCounts,
  type QueueNews,
  type QueueWork,
  type QueueWorkOptions,
} from '../engine/study/queue/queue-worker.ts'
import { count } from './count.ts'
import { FlagCheck, choice } from './flags.ts'
import { interruptOn } from './interruption.ts'

/** The options as commander hands them over: text, not yet checked. */
interface WorkerFlags {
  readonly queue?: string
  readonly workers?: string
  readonly backend: string
  readonly lock: string
  readonly idle?: string
  readonly quiet?: true
}

/** Adds the command. */
export function addWorker(program: Command): void {
  program
    .command('worker')
    .summary('compute units of a study that runs elsewhere')
    .description(
      'Computes units of a study that was begun with `rivalry study --queue`, on this machine or another one. Any ' +
        'number of workers may come and go; the units of one that dies are computed by others. The folder is that of ' +
        'the study, on a file system that all machines share.',
    )
    .argument('<folder>', 'folder of the study, as this machine sees it')
    .option('--queue <address>', 'Redis server of the study, as redis://host:6379')
    .option('--workers <number>', 'threads (default: all cores)')
    .addOption(
      choice('--backend <name>', 'what runs the market: WebAssembly is fast, JavaScript can be debugged', {
        allowed: optionValues.backend,
        usual: 'wasm',
      }),
    )
    .option('--lock <seconds>', 'after so long without a sign of life, a unit goes to another worker', '60')
    .option(
      '--idle <seconds>',
      'end when there was nothing to do for so long (default: when the study is finished)',
    )
    .option('-q, --quiet', 'print nothing but errors')
    .addHelpText(
      'after',
      `
Examples:
  rivalry worker out/my-study --queue redis://10.0.0.1:6379
  rivalry worker /shared/my-study --queue redis://10.0.0.1:6379 --workers 8 --idle 600`,
    )
    .action(work)
}

async function work(folder: string, flags: WorkerFlags): Promise<void> {
  const options = optionsOf(folder, flags)
  const interruption = new AbortController()
  const stop = interruptOn(interruption, { patienceMs: GIVE_BACK_MS })
  const startMs = performance.now()
  try {
    const done = await workOnQueue({
      ...options,
      signal: interruption.signal,
      onNews: flags.quiet ? undefined : teller(options),
    })
    if (!flags.quiet) say(ending(done, (performance.now() - startMs) / 1000))
  } finally {
    stop()
  }
}

/** How often it is said how many units are done. */
const TELL_MS = 10_000

/** Says what happens to a worker. */
function teller({ folder, queue, workers }: QueueWorkOptions): (news: QueueNews) => void {
  const address = shownAddress(queue)
  let toldMs = performance.now()
  return (news) => {
    switch (news.kind) {
      case 'waiting':
        return say(waiting(folder, news))
      case 'begun':
        return say(`${count(workers, 'thread')} for the study ${news.study} from ${address}`)
      case 'failure':
        return say(`a unit failed: ${news.message}`)
      case 'lost':
        return say(`the queue cannot be reached (${news.trouble}); trying again`)
      case 'found':
        return say('the queue is there again')
      case 'unit':
        if (performance.now() - toldMs < TELL_MS) return
        toldMs = performance.now()
        return say(units(news.counts))
    }
  }
}

function waiting(folder: string, { study, others }: Extract<QueueNews, { kind: 'waiting' }>): string {
  const what =
    study === undefined
      ? `waiting for a study to be begun in ${folder}`
      : `waiting for the study ${study} in ${folder} to be run with this queue`
  return others.length === 0 ? what : `${what}; it has units of: ${others.join(', ')}`
}

function units({ done, skipped, failed }: QueueCounts): string {
  return [
    `${count(done, 'unit')} done`,
    ...(skipped > 0 ? [`${skipped} were done by others`] : []),
    ...(failed > 0 ? [`${count(failed, 'attempt')} failed`] : []),
  ].join(', ')
}

function ending(work: QueueWork, seconds: number): string {
  const why = work.end === 'finished' ? 'the study is finished' : 'there was nothing to do'
  return `${units(work)} in ${seconds.toFixed(1)} s; ${why}`
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** @throws RivalryErrors that name every flag with an impossible value. */
function optionsOf(folder: string, flags: WorkerFlags): QueueWorkOptions {
  const check = new FlagCheck()
  const number = (flag: 'workers' | 'lock' | 'idle', low: number, high: number): number | undefined =>
    check.whole(flag, flags[flag], { low, high })
  if (folder === '') check.refuse('folder', 'names no folder')
  const hint = 'name the Redis server that the study was begun with: redis://host:6379'
  const { queue } = flags
  if (queue === undefined) check.refuse('queue', 'is missing', hint)
  else {
    try {
      shownAddress(queue)
    } catch (error) {
      const wrong = error as RivalryError
      check.refuse('queue', wrong.message.replace(/^queue /, ''), wrong.hint)
    }
  }
  const backend = check.oneOf('backend', flags.backend, optionValues.backend)
  const workers = number('workers', 1, 1024)
  const lock = number('lock', 1, 3600)
  const idle = number('idle', 1, 1_000_000)
  check.done()
  return {
    folder,
    queue: queue!,
    workers: workers ?? usableCores(),
    backend,
    workerEntry: studyWorkerEntry,
    lockMs: lock! * 1000,
    idleMs: idle === undefined ? undefined : idle * 1000,
  }
}

/** How long units are given back; the lock on those that are not runs out. */
const GIVE_BACK_MS = 2500
