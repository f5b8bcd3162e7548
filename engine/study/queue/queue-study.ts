/**
 * What a study and its workers agree on: the names of its queue and jobs, and that it runs. Whoever runs a study says so
 * on the queue and leaves a mark in its folder; workers that find both know that they write where the study reads.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { sha256 } from '../../tables/digest.ts'
import { canonicalJson } from '../../files/canonical-json.ts'
import { studyDigest, type StudyDefinition } from '../definition.ts'
import { errorCode, fileError } from '../../files/file-error.ts'
import { UNITS_FOLDER } from '../units/unit-store.ts'
import type { Unit } from '../units/units.ts'
import { engineVersion } from '../../files/version.ts'

/** What a job asks for. */
export interface QueueJob {
  /** Digest of the study. */
  readonly study: string
  readonly unit: Unit
}

/** What whoever runs a study says on the queue. */
export interface Announcement {
  readonly study: string
  readonly engine: string
  /** The mark that it left in the folder. */
  readonly mark: string
}

/** How long an announcement holds when it is not repeated, in seconds. */
const ANNOUNCED_SECONDS = 60
const ANNOUNCEMENTS = 'rivalry:study:'
const MARK_FILE = 'queue.json'

/** The queue of a study; studies of another version of the engine are others. */
export function queueName(definition: StudyDefinition): string {
  return `rivalry-${studyDigest(definition).slice(0, 16)}`
}

/** The job of a unit; it does not depend on who asks, so that no unit is on the queue twice. */
export function jobId(unit: string): string {
  return `u-${unit}`
}

/** The unit of a job. */
export function unitOfJob(id: string): string {
  return id.slice(2)
}

/** Whether a job is one of a study: units are named in paths, and anybody can write to a queue. */
export function isJobOf(definition: StudyDefinition, { study, unit }: Partial<QueueJob>): boolean {
  return study === studyDigest(definition) && /^[0-9a-f]{64}$/.test(unit?.id ?? '')
}

/** Says that a study runs, for a minute. */
export async function announce(client: Redis, definition: StudyDefinition, mark: string): Promise<void> {
  const announcement: Announcement = { study: definition.name, engine: engineVersion, mark }
  await client.set(announcementKey(definition), JSON.stringify(announcement), 'EX', ANNOUNCED_SECONDS)
}

/** Says that a study does not run any more. */
export async function retract(client: Redis, definition: StudyDefinition): Promise<void> {
  await client.del(announcementKey(definition))
}

/** Whether a study runs, whatever the version of its engine. */
export async function announcementOf(
  client: Redis,
  definition: StudyDefinition,
): Promise<Announcement | undefined> {
  const text = await client.get(announcementKey(definition))
  return text === null ? undefined : (JSON.parse(text) as Announcement)
}

/** Names of all studies that run. */
export async function announcedStudies(client: Redis): Promise<string[]> {
  const keys: string[] = []
  let cursor = '0'
  do {
    const [next, found] = await client.scan(cursor, 'MATCH', `${ANNOUNCEMENTS}*`, 'COUNT', 1000)
    keys.push(...found)
    cursor = next
  } while (cursor !== '0')
  const texts = keys.length === 0 ? [] : await client.mget(keys)
  const names = texts.flatMap((text) => (text === null ? [] : [(JSON.parse(text) as Announcement).study]))
  return [...new Set(names)].toSorted()
}

/** The mark of a study's folder, which is made where there is none. @throws RivalryError as `UnitStore.write` */
export function makeMark(folder: string): string {
  const path = join(folder, UNITS_FOLDER, MARK_FILE)
  // Whoever runs another part of the study, or ran it before, has left it.
  const known = markOf(folder)
  if (known !== undefined) return known
  const mark = randomBytes(16).toString('hex')
  try {
    // One that cannot be read was left half-written.
    writeFileSync(path, JSON.stringify({ mark }), { flag: existsSync(path) ? 'w' : 'wx' })
    return mark
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST') throw fileError(cause, path)
    return markOf(folder) ?? mark
  }
}

/** The mark of a study's folder; `undefined` where there is none. */
export function markOf(folder: string): string | undefined {
  try {
    const { mark } = JSON.parse(readFileSync(join(folder, UNITS_FOLDER, MARK_FILE), 'utf8')) as {
      mark?: unknown
    }
    return typeof mark === 'string' ? mark : undefined
  } catch {
    return undefined
  }
}

function announcementKey(definition: StudyDefinition): string {
  return `${ANNOUNCEMENTS}${sha256(canonicalJson(definition)).slice(0, 16)}`
}

/** Takes a queue away, if nothing is left on it. */
export async function removeEmpty(queue: Queue): Promise<void> {
  const left = Object.values(await queue.getJobCounts()).reduce((sum, count) => sum + count, 0)
  if (left === 0) await queue.obliterate()
}

/** Waits for what may fail or never end, but not long. */
export async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController()
  await Promise.race([
    work.catch(() => undefined),
    pause(limitMs, undefined, { signal: timer.signal }).catch(() => undefined),
  ])
  timer.abort()
}
