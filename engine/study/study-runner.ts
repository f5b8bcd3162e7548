/**
 * Runs a study: looks one after the other, the units of each on whoever computes them, their rows into statistics and
 * files in the units' own order. Units that are there already are not computed again, and nothing depends on who left
 * them; so a study may be stopped, killed, continued and shared between machines at any time.
 */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { RivalryError } from '../errors.ts'
import { FolderLock } from '../files/folder-lock.ts'
import { makeFolders } from '../files/folders.ts'
import { isOfStudy, type StudyIdentity } from '../files/manifest.ts'
import { clearParts } from '../files/parts.ts'
import { engineVersion } from '../files/version.ts'
import { CellValues } from './cell-values.ts'
import { StudyCollector } from './collector.ts'
import { studyDigest, type StudyDefinition } from './definition.ts'
import { derivedDeclarations, derivedTables, type Known } from './derived.ts'
import { manifestIn, manifestMs, refuseOthers, resultsOf } from './finished.ts'
import { StudyPoints } from './points.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import { StudyResults } from './results.ts'
import { executorOf } from './study-executors.ts'
import type { checkedStudyOptions } from './study-options.ts'
import type { CompleteStudy, StudyResult, StudyStatus } from './study-result.ts'
import { studySummary } from './study-summary.ts'
import { studyText } from './study-text.ts'
import { Scratch } from './units/scratch.ts'
import type { UnitExecutor } from './units/unit-executor.ts'
import { UnitScheduler } from './units/unit-scheduler.ts'
import { UNITS_FOLDER, UnitStore } from './units/unit-store.ts'
import { UnitPlan, type Unit } from './units/units.ts'

/** How long a shard waits before it looks again for what others left, in milliseconds. */
const WAIT_MS = 1000
/** How often a shard that does not wait for units looks whether another one is done with finishing. */
const MOST_TRIES = 600

/** What a runner is told. */
type RunnerOptions = ReturnType<typeof checkedStudyOptions> & {
  readonly folder: string
  readonly mode: Mode
}

/** Whether units are computed; if not, whether results are written when all units are there, or only looked at. */
type Mode = 'run' | 'merge' | 'watch'

/** One go at a study. */
export class StudyRunner {
  readonly #definition: StudyDefinition
  readonly #options: RunnerOptions
  readonly #identity: StudyIdentity
  readonly #points: StudyPoints
  readonly #plan: UnitPlan
  readonly #store: UnitStore
  readonly #collector: StudyCollector
  readonly #taken: Unit[] = []
  /** Units whose files were not as they were written. */
  readonly #broken = new Set<string>()
  /** Units that were computed by this process, a moment ago. */
  readonly #computed = new Set<string>()
  readonly #scratch = new Scratch()
  #executor: UnitExecutor | undefined
  #scheduler: UnitScheduler | undefined
  /** What is done with the rows of units, whenever one more is there. */
  #onDone: () => Promise<void> = () => Promise.resolve()
  #results: StudyResults | undefined
  #look = 0
  /** When results that were in the folder at first were written; none for none. */
  #replacedMs: number | undefined
  /** Units that are this process's to see to: all, or those of its shard; of this look and before. */
  #total = 0
  /** Those that are done, and how many were there when their look began. */
  readonly #seen = new Set<Unit>()
  /** Of these units, all variants and points. */
  #replications = 0
  #found = 0

  constructor(definition: StudyDefinition, options: RunnerOptions) {
    this.#definition = definition
    this.#options = options
    this.#identity = {
      engine: engineVersion,
      study: definition.name,
      studySha256: studyDigest(definition),
      seed: definition.seed,
    }
    this.#points = new StudyPoints(definition)
    this.#plan = new UnitPlan(definition, this.#points)
    this.#store = new UnitStore(options.folder)
    this.#collector = new StudyCollector(definition, this.#points)
  }

  async run(): Promise<StudyResult> {
    const { signal, mode } = this.#options
    const stop = (): void => void this.#executor?.close()
    signal?.addEventListener('abort', stop)
    try {
      const finished = mode === 'watch' ? undefined : this.#begin()
      if (finished !== undefined) return finished
      const status = await this.#looks()
      signal?.throwIfAborted()
      if (status !== undefined) return this.#finishedByOthers() ?? { isComplete: false, status }
      if (mode === 'watch') return { isComplete: false, status: this.#status([], []) }
      return await this.#finish()
    } catch (error) {
      signal?.throwIfAborted()
      const finished = this.#finishedByOthers()
      if (finished !== undefined) return finished
      throw error
    } finally {
      signal?.removeEventListener('abort', stop)
      await this.#executor?.close()
      this.#results?.abort()
    }
  }

  /** Takes the folder; gives the results where they are there already. */
  #begin(): CompleteStudy | undefined {
    const { folder, overwrite, resume, shard, queue, mode } = this.#options
    const finished = overwrite ? undefined : this.#finished()
    if (finished !== undefined) return finished
    this.#replacedMs = manifestMs(folder)
    makeFolders(folder)
    const isShared = shard !== undefined || queue !== undefined
    if (this.#store.exists && !resume && !overwrite && !isShared) throw unfinished(folder, this.#store)
    // Shards share the folder; whoever finishes takes it, and should not find out only then that it may not.
    if (shard === undefined) this.#open()
    else if (!this.#mayOverwrite) refuseOthers(folder)
    // Only now: until the folder is taken, its units may be somebody else's who is at work.
    if (overwrite && !isShared && mode === 'run') this.#store.remove()
    this.#store.begin(this.#definition)
    if (overwrite && this.#replacedMs !== undefined) this.#store.allowOverwrite()
    return undefined
  }

  /** The results, where they are in place. */
  #finished(): CompleteStudy | undefined {
    const { folder, format, keepUnits } = this.#options
    const manifest = manifestIn(folder)
    const isSame =
      manifest !== undefined &&
      isOfStudy(manifest) &&
      manifest.studySha256 === this.#identity.studySha256 &&
      manifest.engine === engineVersion &&
      manifest.format === format
    if (!isSame) return undefined
    const finished = resultsOf(folder, manifest)
    // Units may be those of another study, which shards have begun here.
    if (!keepUnits && isOf(this.#store, this.#identity)) this.#store.remove()
    clearDead(folder)
    return finished
  }

  /** The results, where another shard put them into place meanwhile: the units are gone then. */
  #finishedByOthers(): CompleteStudy | undefined {
    const { folder, shard } = this.#options
    if (shard === undefined || manifestMs(folder) === this.#replacedMs) return undefined
    return this.#finished()
  }

  /** Whether results of another run or study may be replaced: now, or when this study was begun. */
  get #mayOverwrite(): boolean {
    return this.#options.overwrite || this.#store.mayOverwrite
  }

  #open(): void {
    const { folder, format } = this.#options
    const derived = derivedDeclarations(this.#definition, this.#points)
    const overwrite = this.#mayOverwrite
    this.#results = new StudyResults(this.#definition, { folder, format, derived, overwrite })
  }

  /** All looks; what is missing, where they cannot be finished. */
  async #looks(): Promise<StudyStatus | undefined> {
    const { first, step, most, targets } = this.#definition.replications
    let points: number[] = Array.from({ length: this.#points.count }, (_, point) => point)
    let done = 0
    let ordinal = 0
    for (this.#look = 0; ; this.#look++) {
      const count = Math.min(this.#look === 0 ? first : step, most - done)
      const units = this.#plan.units({ number: this.#look, points, first: done, count }, ordinal)
      ordinal += units.length
      done += count
      const missing = await this.#done(units)
      if (missing.length > 0) return this.#status(missing, units)
      if (targets.length > 0) points = points.filter((point) => !this.#collector.isReached(point, targets))
      if (done >= most || points.length === 0 || targets.length === 0) return undefined
    }
  }

  /** Sees that all units of a look are done and takes their rows; gives those that are not. */
  async #done(units: readonly Unit[]): Promise<Unit[]> {
    const { shard, wait, signal, mode } = this.#options
    // Whoever does not compute sees to all of them.
    const own = units.filter(
      ({ ordinal }) => mode !== 'run' || shard === undefined || ordinal % shard.of === shard.index - 1,
    )
    const found = new Set(own.filter(({ id }) => this.#store.has(id)))
    const todo = mode === 'run' ? own.filter((unit) => !found.has(unit)) : []
    // Another shard may have finished and removed them.
    if (this.#finishedByOthers() !== undefined) return [...units]
    this.#found += found.size
    this.#total += own.length
    if (mode === 'run') for (const unit of found) this.#count(unit)
    const taking = { next: 0 }
    await this.#take(units, taking, todo)
    await this.#work(todo, async () => this.#take(units, taking, todo))
    for (;;) {
      await this.#take(units, taking, todo)
      if (todo.length > 0) {
        // What was there is not as it was written.
        await this.#work(todo, async () => this.#take(units, taking, todo))
        continue
      }
      if (taking.next === units.length || !wait || this.#failed > 0) break
      if (this.#haveFailed(units.slice(taking.next))) break
      await pause(WAIT_MS, undefined, signal === undefined ? {} : { signal })
      if (this.#finishedByOthers() !== undefined) break
    }
    return units.slice(taking.next).filter(({ id }) => !this.#has(id))
  }

  /** Whether all of these that are missing failed, here or elsewhere. */
  #haveFailed(units: readonly Unit[]): boolean {
    const failed = new Set(this.#store.failures().map(({ unit }) => unit))
    return failed.size > 0 && units.every(({ id }) => failed.has(id) || this.#store.has(id))
  }

  /** Whether a unit is done, as far as is known. */
  #has(id: string): boolean {
    return this.#store.has(id) && !(this.#options.mode === 'watch' && this.#broken.has(id))
  }

  /** Takes the rows of units in their order, as far as they are done. */
  async #take(units: readonly Unit[], taking: { next: number }, todo: Unit[]): Promise<void> {
    for (; taking.next < units.length; taking.next++) {
      const unit = units[taking.next]!
      this.#scratch.reset()
      const isTrusted = this.#computed.has(unit.id)
      const file = this.#store.open(unit.id, { scratch: this.#scratch, isTrusted })
      if (file === undefined) break
      try {
        // Those of other variants follow when all rows of the first are there: files are in the order of variants.
        const rows = this.#results === undefined ? [] : this.#results.read(file, 0)
        const isWhole = this.#options.mode !== 'watch' || file.isWhole()
        if (!isWhole || rows === undefined || !this.#collector.add(file)) {
          this.#discard(unit, todo)
          break
        }
        await this.#results?.append(rows, this.#options.signal)
        this.#taken.push(unit)
        if (this.#options.mode !== 'run') this.#count(unit)
      } finally {
        file.close()
      }
    }
  }

  /** What is not as it was written is done again; whoever watches only says so. */
  #discard(unit: Unit, todo: Unit[]): void {
    this.#broken.add(unit.id)
    if (this.#options.mode === 'watch') return
    this.#store.discard(unit.id)
    todo.push(unit)
  }

  /** Computes units, and empties the list. */
  async #work(todo: Unit[], onDone: () => Promise<void>): Promise<void> {
    if (todo.length === 0) return
    this.#onDone = onDone
    this.#scheduler ??= this.#newScheduler()
    await this.#scheduler.run(todo.splice(0))
  }

  #newScheduler(): UnitScheduler {
    const executor = (this.#executor ??= executorOf(this.#definition, this.#options))
    return new UnitScheduler({
      executor,
      signal: this.#options.signal,
      onDone: (unit) => {
        this.#count(unit)
        if (executor.isLocal) this.#computed.add(unit.id)
        return this.#onDone()
      },
      onFailure: (failure) => this.#store.fail(failure),
      describe: ({ id, points: [point], first, count }) => ({
        unit: id,
        point: point!,
        values: this.#points.values(point!),
        first,
        count,
        seed: this.#definition.seed,
      }),
    })
  }

  /** What follows from all rows, and their files. */
  async #finish(): Promise<CompleteStudy> {
    const { signal, keepUnits } = this.#options
    const variants = this.#definition.variants.length
    if (this.#results === undefined) {
      const finished = await this.#openAmongOthers()
      if (finished !== undefined) return finished
      await this.#append(0)
    }
    for (let variant = 1; variant < variants; variant++) await this.#append(variant)
    // Nothing is computed any more, and threads hold memory.
    if (this.#executor?.isLocal === true) await this.#executor.close()
    const results = this.#results!
    const cells = new CellValues({
      definition: this.#definition,
      units: this.#taken,
      // All rows were checked when they were taken.
      open: ({ id }, scratch) => this.#store.open(id, { scratch, isTrusted: true }),
    })
    const known: Known = {
      definition: this.#definition,
      points: this.#points,
      collector: this.#collector,
      values: (variant, point, metric) => cells.ranked(variant, point, metric),
    }
    const summary = studySummary(known, this.#identity, this.#look + 1)
    const manifest = await results.finish({
      identity: this.#identity,
      derived: derivedTables(known),
      summary,
      text: studyText(summary),
      signal,
    })
    if (!keepUnits) this.#store.remove()
    return { isComplete: true, summary, manifest }
  }

  /** Takes the folder, which another shard may hold because it finishes the study; gives the results when it has. */
  async #openAmongOthers(): Promise<CompleteStudy | undefined> {
    const { wait, signal } = this.#options
    for (let tries = 0; ; tries++) {
      const finished = this.#finishedByOthers()
      if (finished !== undefined) return finished
      try {
        this.#open()
        return undefined
      } catch (error) {
        const isInUse = error instanceof RivalryError && error.code === 'folder-in-use'
        if (!isInUse || (!wait && tries === MOST_TRIES)) throw error
      }
      await pause(WAIT_MS, undefined, signal === undefined ? {} : { signal })
    }
  }

  /** Appends a variant's rows of all units. */
  async #append(variant: number): Promise<void> {
    for (const unit of this.#taken) {
      const rows = this.#read(unit, variant) ?? (await this.#again(unit, variant))
      await this.#results!.append(rows, this.#options.signal)
    }
  }

  #read(unit: Unit, variant: number): ColumnBatch[] | undefined {
    this.#scratch.reset()
    const file = this.#store.open(unit.id, { scratch: this.#scratch })
    const rows = file && this.#results!.read(file, variant)
    file?.close()
    return rows
  }

  /** Computes a unit again whose rows are not as they were written; those that were taken before were. */
  async #again(unit: Unit, variant: number): Promise<ColumnBatch[]> {
    this.#store.discard(unit.id)
    await this.#work([unit], () => Promise.resolve())
    const rows = this.#read(unit, variant)
    if (rows !== undefined) return rows
    throw new RivalryError(`a unit of the study changes while it is finished: ${unit.id}`, {
      code: 'unit-changed',
      path: join(this.#options.folder, UNITS_FOLDER),
      hint: 'run it again with --resume; nothing else is lost',
    })
  }

  #status(missing: readonly Unit[], units: readonly Unit[]): StudyStatus {
    const failures = this.#failed > 0 ? [...this.#scheduler!.failures.values()] : this.#store.failures()
    const before = this.#taken.length
    const after = units.filter(({ id }) => this.#has(id)).length
    const earlier = this.#taken.filter(({ ordinal }) => ordinal < (units[0]?.ordinal ?? Infinity)).length
    return {
      study: this.#definition.name,
      isFinished: false,
      look: this.#look,
      units: {
        done: units.length === 0 ? before : earlier + after,
        total: units.length === 0 ? before : earlier + units.length,
      },
      missing,
      failures,
      mayGrow: this.#definition.replications.targets.length > 0 && missing.length > 0,
    }
  }

  /** Units that failed for good. */
  get #failed(): number {
    return this.#scheduler?.failures.size ?? 0
  }

  /** Notes that a unit is done that is this process's to see to, and says so. */
  #count(unit: Unit): void {
    if (!this.#seen.has(unit))
      this.#replications += unit.points.length * unit.count * this.#definition.variants.length
    this.#seen.add(unit)
    this.#options.onProgress?.({
      look: this.#look,
      units: { done: this.#seen.size, total: this.#total },
      found: this.#found,
      failed: this.#failed,
      replications: this.#replications,
    })
  }
}

/** Whether the units in a folder are of a study; also where nothing is said of them. */
function isOf(store: UnitStore, { studySha256 }: StudyIdentity): boolean {
  if (!store.exists) return true
  try {
    const begun = store.study()
    return begun === undefined || studyDigest(begun) === studySha256
  } catch {
    return false
  }
}

/** Removes what a process that was killed after it finished left beside the results. */
function clearDead(folder: string): void {
  try {
    const lock = new FolderLock(folder)
    clearParts(folder)
    lock.release()
  } catch {
    // Somebody else is at work here, or nothing may be written: the results are whole all the same.
  }
}

function unfinished(folder: string, store: UnitStore): RivalryError {
  const name = store.study()?.name
  return new RivalryError(
    `the folder ${folder} holds an unfinished study${name === undefined ? '' : `, ${name}`}`,
    {
      code: 'study-unfinished',
      path: join(folder, UNITS_FOLDER),
      hint: 'go on with it (--resume), or drop what is done (--overwrite)',
    },
  )
}
