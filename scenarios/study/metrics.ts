/** The metrics of a study: which numbers there are, what a study file means by their paths, and their units. */
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { type Path, shown } from '../../engine/market/problem.ts'
import { shapeOf, type Shape } from '../../engine/market/shape.ts'
import { marketTables } from '../../engine/market/tables.ts'
import { metricsOf } from '../../engine/metrics/registry.ts'
import type { StudyMetric } from '../../engine/study/definition.ts'
import { didYouMean, suggest } from '../../engine/suggest.ts'
import type { Findings } from './findings.ts'
import type { WrittenMetric, WrittenMetrics } from './schema.ts'

/** Columns of the table of startups that are measured when a study says nothing. */
const USUAL_COLUMNS = ['alive', 'profit', 'share'] as const

/** Columns that every row of a study's outcomes has, which no metric can be called. */
const TAKEN_NAMES = new Set(['variant', 'point', 'replication'])

/** What metrics are looked for in. */
export interface MetricContext {
  readonly markets: readonly MarketDefinition[]
  /** What markets are compiled with since some point may use it. */
  readonly needed: Partial<Shape>
  /** Whether mistakes elsewhere may hide what is at a path. */
  readonly isDoubtful: (path: Path) => boolean
  readonly findings: Findings
}

/** Reads the metrics of a study, the usual ones where it names none; those with mistakes are findings. */
export function studyMetrics(
  written: WrittenMetrics | undefined,
  { markets, needed, isDoubtful, findings }: MetricContext,
): StudyMetric[] {
  const known = knownNumbers(markets, isDoubtful(['startups']) ? { ...needed, entry: true } : needed)
  if (written === undefined) {
    return known.startups.flatMap((id) =>
      USUAL_COLUMNS.map((column) => {
        const of = `startups.${id}.${column}`
        return {
          name: nameOf(of),
          of,
          ...missingOf({ of }, known.columns.get(column)!),
          unit: known.columns.get(column)!.unit,
        }
      }),
    )
  }
  const entries = entriesOf(written)
  if (entries.length === 0 && !findings.has(['metrics'])) {
    const hint = 'leave it out for alive, profit and share of every startup'
    findings.add({ code: 'no-metric', at: ['metrics'], on: 'key', message: 'metrics is empty', hint })
  }
  const first = new Map<string, string>()
  return entries.flatMap(({ name, metric, at, ofAt }): StudyMetric[] => {
    if (findings.has(ofAt)) return []
    const found = numberOf(metric.of, known)
    if ('message' in found) {
      const isFound = found.code === 'unknown-startup' && isDoubtful(metric.of.split('.').slice(0, 2))
      if (!isFound) findings.add({ ...found, at: ofAt, on: 'value' })
      return []
    }
    if (TAKEN_NAMES.has(name)) {
      const message = `no metric can be called '${name}', which every row of results has`
      findings.add({ code: 'duplicate-name', at, on: 'key', message, hint: 'give it another name' })
    }
    const other = first.get(name)
    if (other !== undefined) {
      const message =
        other === metric.of
          ? `${metric.of} is listed twice`
          : `${other} and ${metric.of} would both be '${name}'`
      const hint = other === metric.of ? 'keep one of them' : 'write metrics as a map of names'
      findings.add({ code: 'duplicate-name', at, on: 'value', message, hint })
    }
    first.set(name, metric.of)
    const isShare = checkLimits(metric, at, findings)
    return [{ name, ...metric, ...missingOf(metric, found), unit: isShare ? 'share' : found.unit }]
  })
}

/** What a replication without a value counts as; nothing is said of what always has one. */
function missingOf(
  { above, below, missing }: WrittenMetric,
  { isNullable }: KnownNumber,
): Pick<StudyMetric, 'missing'> {
  if (missing !== undefined) return { missing }
  if (!isNullable) return {}
  return { missing: above === undefined && below === undefined ? 'exclude' : 'zero' }
}

/** The names of metrics as written, whether they are sound or not; `undefined` where there are none. */
export function writtenNames(written: unknown): string[] | undefined {
  if (Array.isArray(written)) return written.flatMap((of) => (typeof of === 'string' ? [nameOf(of)] : []))
  return typeof written === 'object' && written !== null ? Object.keys(written) : undefined
}

/** Whether a metric is a proportion; a finding where nothing is between its limits. */
function checkLimits({ above, below }: WrittenMetric, at: Path, findings: Findings): boolean {
  if (above !== undefined && below !== undefined && above >= below) {
    const message = `no number is above ${shown(above)} and below ${shown(below)}`
    findings.add({ code: 'out-of-order', at: [...at, 'above'], on: 'value', message, hint: 'exchange them' })
  }
  return above !== undefined || below !== undefined
}

interface Entry {
  readonly name: string
  readonly metric: WrittenMetric
  readonly at: Path
  readonly ofAt: Path
}

function entriesOf(written: WrittenMetrics): Entry[] {
  if (isList(written)) {
    return written.map((of, index) => ({
      name: nameOf(of),
      metric: { of },
      at: ['metrics', index],
      ofAt: ['metrics', index],
    }))
  }
  return Object.entries(written).map(([name, metric]) => {
    const at: Path = ['metrics', name]
    return typeof metric === 'string'
      ? { name, metric: { of: metric }, at, ofAt: at }
      : { name, metric, at, ofAt: [...at, 'of'] }
  })
}

function isList(written: WrittenMetrics): written is readonly string[] {
  return Array.isArray(written)
}

/** The name of a metric that has none: its path without the group, but for those of the market. */
function nameOf(path: string): string {
  return path.replace(/^(startups|metrics)\./, '')
}

/** A number that a metric can be of. */
interface KnownNumber {
  readonly unit: string
  /** Whether some replication may have none. */
  readonly isNullable: boolean
}

interface KnownNumbers {
  /** Ids of the startups of all variants. */
  readonly startups: readonly string[]
  /** Numbers in the table of startups, by column. */
  readonly columns: ReadonlyMap<string, KnownNumber>
  readonly ofStartups: ReadonlyMap<string, KnownNumber>
  readonly ofMarkets: ReadonlyMap<string, KnownNumber>
}

function knownNumbers(markets: readonly MarketDefinition[], needed: Partial<Shape>): KnownNumbers {
  const columns = new Map<string, KnownNumber>()
  for (const market of markets) {
    const { declaration } = marketTables(market, { ...shapeOf(market), ...needed }, 'summary')[0]!
    for (const { name, type, unit, nullable = false } of declaration.columns) {
      if (type === 'text' || name === 'replication' || columns.has(name)) continue
      columns.set(name, { unit, isNullable: nullable })
    }
  }
  const currency = markets[0]?.currency ?? 'EUR'
  const units = (metrics: readonly { readonly name: string; readonly unit: string }[]) =>
    new Map(
      metrics.map(({ name, unit }) => [
        name,
        // Any of them may lack what it divides by.
        { unit: unit.replace(/\bcurrency\b/g, currency), isNullable: true },
      ]),
    )
  return {
    startups: [...new Set(markets.flatMap(({ startups }) => startups.map(({ id }) => id)))],
    columns,
    ofStartups: units(metricsOf('startup')),
    ofMarkets: units(metricsOf('market')),
  }
}

type Unknown = { readonly code: string; readonly message: string; readonly hint: string }

/** The number at a path, or why there is none. */
function numberOf(path: string, known: KnownNumbers): KnownNumber | Unknown {
  const [group = '', ...rest] = path.split('.')
  const { startups, columns, ofStartups, ofMarkets } = known
  const unknown = (message: string, hint: string): Unknown => ({ code: 'unknown-metric', message, hint })
  const name = rest.at(-1) ?? ''
  if (group === 'market' && rest.length === 1) {
    const found = ofMarkets.get(name)
    return found ?? unknown(`there is no metric '${name}' of markets`, nearest(name, ofMarkets))
  }
  if ((group !== 'startups' && group !== 'metrics') || rest.length !== 2) {
    const meant = startups.includes(group) && rest.length === 1 ? homeOf(path, name, known) : undefined
    const groups = ['startups', 'metrics', 'market']
    const near = groups.includes(group) ? undefined : suggest(group, groups)
    const hint =
      meant ??
      (near === undefined
        ? 'write startups.ID.COLUMN, metrics.ID.NAME or market.NAME'
        : `did you mean '${[near, ...rest].join('.')}'?`)
    return unknown(`'${path}' is no path of a metric`, hint)
  }
  const id = rest[0]!
  if (!startups.includes(id)) {
    return { code: 'unknown-startup', message: `there is no startup '${id}'`, hint: didYouMean(id, startups) }
  }
  const [here, there] = group === 'startups' ? [columns, ofStartups] : [ofStartups, columns]
  const found = here.get(name)
  if (found !== undefined) return found
  const message =
    group === 'startups'
      ? `there is no number '${name}' in the table of startups`
      : `there is no metric '${name}' of startups`
  const elsewhere = group === 'startups' ? 'metrics' : 'startups'
  const hint = there.has(name) ? `did you mean '${elsewhere}.${id}.${name}'?` : nearest(name, here)
  return unknown(message, hint)
}

/** The hint for an unknown name: the most similar one, or else all of them, however many there are. */
function nearest(name: string, numbers: ReadonlyMap<string, KnownNumber>): string {
  const names = [...numbers.keys()]
  const near = suggest(name, names)
  return near === undefined ? `allowed: ${names.join(', ')}` : `did you mean '${near}'?`
}

/** The full path that was meant by one without its group. */
function homeOf(path: string, name: string, { columns, ofStartups }: KnownNumbers): string | undefined {
  if (columns.has(name)) return `did you mean 'startups.${path}'?`
  return ofStartups.has(name) ? `did you mean 'metrics.${path}'?` : undefined
}
