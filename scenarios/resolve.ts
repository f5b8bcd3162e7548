/** Turns a scenario file into a market: presets, defaults and the file's own figures, in that order. */
import type { BusinessModel, PresetPlan } from '../agents/business-models/index.ts'
import {
  type MarketDefinition,
  type PlanDefinition,
  type SegmentDefinition,
  type ShockDefinition,
  type StartupDefinition,
  type StrategyChoice,
  defaultIndividualBelow,
  defaultNeeds,
  defaultPlan,
  defaultQuality,
  defaultRdMix,
  defaultSegment,
  defaultShock,
  defaultStartup,
  defaultTypes,
  planTable,
  segmentTable,
  shockKinds,
  shockTable,
  startupTable,
} from '../engine/market/definition.ts'
import { defaultParameters } from '../engine/market/parameters.ts'
import type { Path, Problem } from '../engine/market/problem.ts'
import { shares } from '../engine/market/shares.ts'
import type { PlanEntry, ScenarioFile, SegmentEntry, ShockEntry, StartupEntry } from './schema.ts'
import { didYouMean, suggest } from '../engine/suggest.ts'

/** A market, and what could not be resolved in it. */
export interface Resolved {
  readonly definition: MarketDefinition
  readonly problems: readonly Problem[]
}

/**
 * Resolves a file that fits the schema.
 *
 * @param options.name the scenario's name where the file gives none
 * @param options.models the business models that `model:` may name
 */
export function resolveScenario(
  file: ScenarioFile,
  { name, models }: { name: string; models: readonly BusinessModel[] },
): Resolved {
  const problems: Problem[] = []
  const segments = Object.entries(file.segments ?? {}).map(([id, entry]) => resolveSegment(id, entry))
  const startups = Object.entries(file.startups ?? {}).map(([id, entry]) =>
    resolveStartup(id, entry, {
      segments,
      model: models.find((model) => model.name === entry.model),
      problems,
    }),
  )
  const shocks = Object.entries(file.shocks ?? {}).map(([id, entry]) =>
    resolveShock(id, entry, { segments, startups, problems }),
  )
  const given = Object.entries(file.parameters ?? {}).filter(([, value]) => value !== undefined)
  const definition: MarketDefinition = {
    name: file.name ?? name,
    title: file.title ?? file.name ?? name,
    ...optional({ description: file.description, source: file.source }),
    months: file.months ?? 96,
    currency: file.currency ?? 'EUR',
    demography: file.demography ?? 'integer',
    books: file.books ?? 'cents',
    individualBelow: file.individualBelow ?? defaultIndividualBelow,
    types: file.types ?? defaultTypes,
    parameters: {
      ...defaultParameters,
      ...Object.fromEntries(given.map(([key, value]) => [key, Number(value)])),
    },
    segments,
    startups,
    ...(shocks.length === 0 ? {} : { shocks }),
  }
  return { definition, problems }
}

function resolveSegment(id: string, entry: SegmentEntry): SegmentDefinition {
  return {
    id,
    name: entry.name ?? id,
    kind: entry.kind,
    ...defaultSegment(entry.kind),
    ...picked(entry, segmentTable),
    needs: entry.needs ?? defaultNeeds[entry.kind],
    ...optional({ source: entry.source }),
  }
}

/** A shock with what it leaves out; what it is about must exist and suit its kind, and it needs the size that its kind has. */
function resolveShock(
  id: string,
  entry: ShockEntry,
  context: {
    readonly segments: readonly SegmentDefinition[]
    readonly startups: readonly StartupDefinition[]
    readonly problems: Problem[]
  },
): ShockDefinition {
  const at: Path = ['shocks', id]
  const { about, low, high, meaning } = shockKinds[entry.kind]
  for (const field of ['segment', 'startup'] as const) {
    const given = entry[field]
    if (given === undefined) continue
    const known = context[`${field}s`].map((one) => one.id)
    const problem = { at: [...at, field], on: 'value' as const }
    if (about !== field) {
      const message = `${field} of ${at.join('.')} is '${given}', and a shock of kind ${entry.kind} is not about one ${field}`
      context.problems.push({ ...problem, on: 'key', code: 'unused-key', message, hint: 'leave it out' })
    } else if (!known.includes(given)) {
      const message = `there is no ${field} '${given}'`
      context.problems.push({ ...problem, code: `unknown-${field}`, message, hint: didYouMean(given, known) })
    }
  }
  if (entry.size === undefined && low < high) {
    const message = `size is missing in ${at.join('.')}`
    const hint = `${meaning}; from ${low} to ${high}`
    context.problems.push({ code: 'missing-key', at: [...at, 'size'], on: 'key', message, hint })
  }
  return {
    id,
    kind: entry.kind,
    ...defaultShock,
    ...picked(entry, shockTable),
    segment: entry.segment ?? null,
    startup: entry.startup ?? null,
    ...optional({ source: entry.source }),
  }
}

interface StartupContext {
  readonly segments: readonly SegmentDefinition[]
  readonly model: BusinessModel | undefined
  readonly problems: Problem[]
}

function resolveStartup(id: string, entry: StartupEntry, context: StartupContext): StartupDefinition {
  const { segments, model, problems } = context
  const at: Path = ['startups', id]
  const plans = resolvePlans(entry, at, context)
  const served = Object.fromEntries(plans.flatMap((plan) => plan.offeredTo.map((segment) => [segment, 1])))
  for (const field of ['split', 'fit'] as const) {
    for (const segment of Object.keys(entry[field] ?? {})) {
      if (!segments.some((known) => known.id === segment)) {
        problems.push(unknownSegment([...at, field, segment], 'key', segment, segments))
      }
    }
  }
  const split = shares(entry.split ?? served, segments)
  if (entry.split && !Object.values(split).some((share) => share > 0)) {
    const message = `split of ${at.join('.')} sums to 0, so no segment gets any marketing`
    problems.push({
      code: 'weights',
      at: [...at, 'split'],
      on: 'value',
      message,
      hint: 'give one segment a weight',
    })
  }
  const fit = entry.fit ?? {}
  return {
    id,
    name: entry.name ?? id,
    businessModel: model?.name ?? 'none',
    strategy: strategyOf(entry.strategy),
    ...defaultStartup,
    ...(model ? picked(model.startup, startupTable) : {}),
    ...picked(entry, startupTable),
    quality: entry.quality ?? model?.startup.quality ?? defaultQuality,
    fit: Object.fromEntries(segments.map((s) => [s.id, Object.hasOwn(fit, s.id) ? fit[s.id]! : 0])),
    split,
    rdMix: entry.rdMix ?? model?.startup.rdMix ?? defaultRdMix,
    plans,
    ...optional({ source: entry.source }),
  }
}

function strategyOf(entry: StartupEntry['strategy']): StrategyChoice {
  if (entry === undefined) return { name: 'default', settings: {} }
  return typeof entry === 'string'
    ? { name: entry, settings: {} }
    : { name: entry.name, settings: entry.settings ?? {} }
}

/** The preset's plans that fit the market, changed by the file's, and then the file's own. */
function resolvePlans(
  entry: StartupEntry,
  at: Path,
  { segments, model, problems }: StartupContext,
): PlanDefinition[] {
  const written = entry.plans ?? {}
  const presets = model?.plans ?? []
  const presetIds = presets.map((plan) => plan.id)
  const plans: PlanDefinition[] = []
  for (const preset of presets) {
    const own = Object.hasOwn(written, preset.id) ? written[preset.id] : undefined
    if (own === false) continue
    const planAt = [...at, 'plans', preset.id]
    const offeredTo = own?.offeredTo
      ? knownSegments(own.offeredTo, planAt, segments, problems)
      : segments.filter((segment) => preset.offeredTo.includes(segment.kind)).map((segment) => segment.id)
    if (offeredTo.length > 0 || own?.offeredTo) plans.push(resolvePlan(preset.id, preset, own, offeredTo))
    else if (own) {
      const message = `plan '${preset.id}' is for segments of kind ${preset.offeredTo.join(', ')}, and there is none`
      problems.push({
        code: 'unknown-segment',
        at: planAt,
        on: 'key',
        message,
        hint: 'say which in offeredTo',
      })
    }
  }
  for (const [id, own] of Object.entries(written)) {
    if (presetIds.includes(id)) continue
    const planAt = [...at, 'plans', id]
    const near = suggest(id, presetIds)
    const meant = near ? `did you mean '${near}', a plan of ${model!.name}?` : undefined
    if (own === false) {
      const message = `there is no plan '${id}' to leave out`
      problems.push({
        code: 'unknown-plan',
        at: planAt,
        on: 'key',
        message,
        hint: meant ?? didYouMean(id, presetIds),
      })
    } else if (own.offeredTo === undefined) {
      const message = `offeredTo is missing in ${planAt.join('.')}`
      const hint = meant ?? 'list the ids of the segments that it is offered to'
      problems.push({ code: 'missing-key', at: [...planAt, 'offeredTo'], on: 'key', message, hint })
    } else {
      plans.push(resolvePlan(id, {}, own, knownSegments(own.offeredTo, planAt, segments, problems)))
    }
  }
  return plans
}

function resolvePlan(
  id: string,
  preset: Partial<PresetPlan>,
  own: PlanEntry | undefined,
  offeredTo: readonly string[],
): PlanDefinition {
  return {
    id,
    name: own?.name ?? id,
    ...defaultPlan,
    ...picked(preset, planTable),
    ...picked(own ?? {}, planTable),
    recognition: own?.recognition ?? preset.recognition ?? 'rateable',
    offeredTo,
    ...optional({ source: own?.source }),
  }
}

/** The listed segments that exist, in the market's order; the others are problems. */
function knownSegments(
  listed: readonly string[],
  planAt: Path,
  segments: readonly SegmentDefinition[],
  problems: Problem[],
): string[] {
  listed.forEach((id, i) => {
    const at = [...planAt, 'offeredTo', i]
    if (!segments.some((segment) => segment.id === id))
      problems.push(unknownSegment(at, 'value', id, segments))
    if (listed.indexOf(id) < i) {
      const message = `segment '${id}' is listed twice in ${planAt.join('.')}.offeredTo`
      problems.push({ code: 'duplicate-name', at, on: 'value', message, hint: 'keep one of them' })
    }
  })
  if (listed.length === 0) {
    const message = `plan '${planAt.at(-1)}' is offered to nobody`
    const hint = 'list the ids of the segments that it is offered to'
    problems.push({ code: 'unknown-segment', at: [...planAt, 'offeredTo'], on: 'value', message, hint })
  }
  return segments.filter((segment) => listed.includes(segment.id)).map((segment) => segment.id)
}

function unknownSegment(
  at: Path,
  on: Problem['on'],
  id: string,
  segments: readonly SegmentDefinition[],
): Problem {
  const hint = didYouMean(
    id,
    segments.map((segment) => segment.id),
  )
  return { code: 'unknown-segment', at, on, message: `there is no segment '${id}'`, hint }
}

/** The entries of `from` that a declaration table has, without the undefined ones. */
function picked<From extends object, Name extends string>(
  from: From,
  table: Readonly<Record<Name, unknown>>,
): Pick<From, Name & keyof From> {
  const entries = Object.entries(from).filter(
    ([key, value]) => Object.hasOwn(table, key) && value !== undefined,
  )
  return Object.fromEntries(entries) as Pick<From, Name & keyof From>
}

function optional<Fields extends object>(
  fields: Fields,
): { [name in keyof Fields]?: NonNullable<Fields[name]> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [name in keyof Fields]?: NonNullable<Fields[name]> }
}
