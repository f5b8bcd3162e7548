/**
 * Uniform and normal draws. A draw is a pure function of the study's key and of where it stands: replication,
 * stream, entity, month and attempt. Adding a draw elsewhere never shifts another.
 */
import { routine } from '../trace/routine.ts'
import {
  month,
  optional,
  replication,
  seedKey,
  whole,
  type Num,
  type Whole,
  type WholeLike,
} from '../trace/values.ts'
import { here, traceError } from '../trace/tracer.ts'
import { normalQuantile } from './normal-quantile.ts'
import { streamId } from './streams.ts'
import { threefry, type Words } from './threefry.ts'

/** Where a draw stands. Attempts 0 to 65535 of one source are independent draws; a month is below 65536. */
export interface DrawSource {
  readonly key: Words
  readonly replication: Whole
  readonly stream: Whole
  readonly entity: Whole
  readonly month: Whole
}

/**
 * The source of one draw of the replication and the month being simulated. `stream` is a name, hashed, or its
 * hash; `entity` is a word that tells draws of one stream apart, 0 where there is only one (see
 * `entityWord`).
 */
export function drawSource({
  stream,
  entity = 0,
  at = month(),
}: {
  stream: string | WholeLike
  entity?: WholeLike
  at?: WholeLike
}): DrawSource {
  // Callers without types can leave it out.
  if ((stream as unknown) === undefined)
    throw traceError('a draw needs a stream', {
      site: here(),
      hint: "name what it is for: drawSource({ stream: 'taste' })",
    })
  return {
    key: [seedKey(0), seedKey(1), seedKey(2), seedKey(3)],
    replication: replication(),
    stream: whole(typeof stream === 'string' ? streamId(stream) : stream),
    entity: whole(entity),
    month: whole(at),
  }
}

/** A source as arguments of a routine: key words 0 to 3, replication, stream, entity, month. */
export type Place = readonly [Whole, Whole, Whole, Whole, Whole, Whole, Whole, Whole]
/** Kinds of the arguments by which a routine gets a source. */
export const SOURCE = ['whole', 'whole', 'whole', 'whole', 'whole', 'whole', 'whole', 'whole'] as const

/** A source as arguments of a routine. */
export function placeOf({ key, replication, stream, entity, month }: DrawSource): Place {
  return [...key, replication, stream, entity, month]
}

/** The source that a routine got as arguments. */
export function sourceOf([k0, k1, k2, k3, replication, stream, entity, month]: Place): DrawSource {
  return { key: [k0, k1, k2, k3], replication, stream, entity, month }
}

/**
 * The four random words of a source and attempt: counter replication, stream, entity, month + 2^16 attempt.
 */
export function words(
  { key, replication, stream, entity, month }: DrawSource,
  attempt: WholeLike = 0,
): Words {
  const time = attempt === 0 ? month : whole(attempt).shiftedLeft(16).plus(month)
  return threefry(key, [replication, stream, entity, time])
}

/** Two independent uniforms of a source and attempt, each an odd multiple of 2^-53 in (0, 1). */
export function uniforms(source: DrawSource, attempt: WholeLike = 0): readonly [Num, Num] {
  const [a, b, c, d] = words(source, attempt)
  return [optional(uniformOf(a, b)), optional(uniformOf(c, d))]
}

/**
 * Three independent uniforms of a source and attempt, from one block of words, such as one for each customer
 * type: odd multiples of 2^-43 in (0, 1), so a law inverted with one is exact to 1.2e-13.
 */
export function uniformTriple(source: DrawSource, attempt: WholeLike = 0): readonly [Num, Num, Num] {
  const [a, b, c, spare] = words(source, attempt)
  const finer = (word: Whole, tenBits: Whole): Num =>
    word
      .toNum()
      .times(2 ** 10)
      .plus(tenBits.and(1023).toNum().plus(0.5))
      .times(2 ** -42)
  return [
    optional(finer(a, spare)),
    optional(finer(b, spare.shiftedRight(10))),
    optional(finer(c, spare.shiftedRight(20))),
  ]
}

/**
 * Four independent uniforms of a source and attempt, from one block of words: odd multiples of 2^-33 in (0, 1). For
 * draws that are made every month; a normal made of two of them is at most 6.76.
 */
export function uniformQuad(source: DrawSource, attempt: WholeLike = 0): readonly [Num, Num, Num, Num] {
  const [a, b, c, d] = words(source, attempt).map((word) =>
    optional(
      word
        .toNum()
        .plus(0.5)
        .times(2 ** -32),
    ),
  ) as [Num, Num, Num, Num]
  return [a, b, c, d]
}

/** One uniform: the first of `uniforms`. */
export function uniform(source: DrawSource, attempt: WholeLike = 0): Num {
  return uniforms(source, attempt)[0]
}

/** Two independent standard normals of a source and attempt, by inversion. */
export function normals(source: DrawSource, attempt: WholeLike = 0): readonly [Num, Num] {
  const [first, second] = uniforms(source, attempt)
  return [quantile(first), quantile(second)]
}

/** One standard normal: the first of `normals`. */
export function normal(source: DrawSource, attempt: WholeLike = 0): Num {
  return quantile(uniform(source, attempt))
}

const quantile = routine('normalQuantile', ['num'], (u) => normalQuantile(u))

/** (26 bits of a, 26 bits of b, and a half) / 2^52: exact, never 0 or 1, symmetric about 1/2. */
export function uniformOf(a: Whole, b: Whole): Num {
  const high = a
    .shiftedRight(6)
    .toNum()
    .times(2 ** 26)
  return high.plus(b.shiftedRight(6).toNum().plus(0.5)).times(2 ** -52)
}
