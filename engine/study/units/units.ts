/**
 * Cuts a study into work units: replications of all variants at one point, or at several where points need little
 * work. The cut depends on the study and on nothing else, and a unit is named by the SHA-256 of all that determines
 * its result, so that whoever computes it, here or elsewhere, now or later, leaves the same file under the same name.
 */
import { sha256 } from '../../tables/digest.ts'
import { replicationBytes } from '../../simulation/batch.ts'
import { LANES } from '../../trace/layout.ts'
import { canonicalJson } from '../../files/canonical-json.ts'
import type { StudyDefinition } from '../definition.ts'
import type { StudyPoints } from '../points.ts'
import { engineVersion } from '../../files/version.ts'

/** Version of what a unit's file holds; part of its name, so that files of another form are not found. */
export const UNIT_FORMAT = 2

/** Replications of all variants at some points. */
export interface Unit {
  /** SHA-256 in hexadecimal digits. */
  readonly id: string
  /** Its number in the study: looks in order, units of a look in order. */
  readonly ordinal: number
  /** Numbers of the points, ascending. */
  readonly points: readonly number[]
  /** The replications [first, first + count) of each. */
  readonly first: number
  readonly count: number
}

/** Replications that are added to some points before it is looked at how much is known. */
export interface Look {
  readonly number: number
  /** Points that need them, ascending. */
  readonly points: readonly number[]
  readonly first: number
  readonly count: number
}

/** Startup-months of a unit: at most some seconds of one core, so that little is lost when it is killed ... */
const MOST_WORK = 2 ** 22
/** ... of at most so many bytes of rows, which are in memory while it is computed and again when it is taken ... */
const MOST_BYTES = 16 * 2 ** 20
/** ... at least so many that a file for each costs little ... */
const LEAST_WORK = 2 ** 17
/** ... and, in between, so few that a study has this many units, which keep many workers busy to its end. */
const UNITS_WANTED = 64

/** By how many replications the luck of a point is beyond that of the point before it. */
export function luckOffset({ luck, replications }: Pick<StudyDefinition, 'luck' | 'replications'>): number {
  return luck === 'own' ? Math.ceil(replications.most / LANES) * LANES : 0
}

/** What the names of a study's units are made of, but for points and replications. */
export class UnitPlan {
  readonly #definition: StudyDefinition
  readonly #points: StudyPoints
  readonly #variants: readonly (readonly string[])[]
  /** Startup-months of one replication of all variants. */
  readonly #work: number
  /** Startup-months of a unit. */
  readonly #unitWork: number

  constructor(definition: StudyDefinition, points: StudyPoints) {
    this.#definition = definition
    this.#points = points
    this.#variants = definition.variants.map(({ markets }) =>
      markets.map((market) => sha256(canonicalJson(market))),
    )
    this.#work = definition.variants.reduce(
      (sum, { markets: [market] }) => sum + market!.startups.length * market!.months,
      0,
    )
    const total = this.#work * points.count * definition.replications.first
    const fitting = (this.#work * MOST_BYTES) / bytesOf(definition)
    this.#unitWork = Math.min(MOST_WORK, fitting, Math.max(LEAST_WORK, total / UNITS_WANTED))
  }

  /** The units of a look, whose first has this ordinal. */
  units(look: Look, ordinal: number): Unit[] {
    const replications = Math.floor(this.#unitWork / this.#work / LANES) * LANES
    if (replications >= look.count) return this.#together(look, ordinal)
    const size = Math.max(LANES, replications)
    // Parts of about the same size: the last is no remainder of a few replications.
    const parts = Math.ceil(look.count / size)
    const part = Math.ceil(look.count / parts / LANES) * LANES
    const units: Unit[] = []
    for (const point of look.points) {
      for (let done = 0; done < look.count; done += part) {
        const count = Math.min(part, look.count - done)
        units.push(this.#unit(ordinal + units.length, [point], { first: look.first + done, count }))
      }
    }
    return units
  }

  /** Several points to a unit. */
  #together({ points, first, count }: Look, ordinal: number): Unit[] {
    const size = Math.max(1, Math.floor(this.#unitWork / (this.#work * count)))
    return Array.from({ length: Math.ceil(points.length / size) }, (_, i) =>
      this.#unit(ordinal + i, points.slice(i * size, (i + 1) * size), { first, count }),
    )
  }

  #unit(
    ordinal: number,
    points: readonly number[],
    { first, count }: { first: number; count: number },
  ): Unit {
    const { seed, record, metrics, annualRate, variants, structures } = this.#definition
    const offset = luckOffset(this.#definition)
    const id = sha256(
      canonicalJson({
        format: UNIT_FORMAT,
        engine: engineVersion,
        seed,
        record,
        metrics,
        annualRate,
        luck: offset === 0 ? 'common' : offset,
        structures: structures.length,
        paths: this.#points.paths,
        // Names and number of the variants stand in the rows.
        variants: variants.map(({ name }, i) => ({ name, markets: this.#variants[i] })),
        points: points.map((point) => ({ point, values: this.#points.values(point) })),
        first,
        count,
      }),
    )
    return { id, ordinal, points, first, count }
  }
}

/** Bytes of the rows of one replication of all variants, or somewhat more. */
function bytesOf({ variants, metrics, record }: StudyDefinition): number {
  return variants.reduce(
    (sum, { markets: [market] }) =>
      sum + 8 * (metrics.length + 2) + (record === 'outcomes' ? 0 : replicationBytes(market!, record)),
    0,
  )
}
