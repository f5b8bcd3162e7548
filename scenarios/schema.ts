/**
 * The one schema of scenario files. Its numbers come from the declaration tables of the market, so bounds,
 * defaults and descriptions stand in one place; `scenario.schema.json` (for editors) is generated from it.
 */
import { z } from 'zod'
import type { BusinessModel } from '../agents/business-models/index.ts'
import { businessModels } from '../agents/business-models/index.ts'
import {
  type Books,
  type CustomerTypes,
  type Demography,
  type PlanDefinition,
  type PlanField,
  type Recognition,
  type SegmentDefinition,
  type SegmentField,
  type SegmentKind,
  type ShockDefinition,
  type ShockField,
  type ShockKind,
  type StartupDefinition,
  type StartupField,
  type StrategyChoice,
  type Triple,
  defaultIndividualBelow,
  planTable,
  segmentKinds,
  segmentTable,
  shockKinds,
  shockTable,
  startupTable,
} from '../engine/market/definition.ts'
import { type Declaration, type Parameters, parameterTable } from '../engine/market/parameters.ts'

/** A scenario file as written: what it leaves out takes its default. */
export interface ScenarioFile {
  readonly name?: string
  readonly title?: string
  readonly description?: string
  readonly source?: string
  readonly months?: number
  readonly currency?: string
  readonly demography?: Demography
  readonly books?: Books
  readonly individualBelow?: number
  readonly types?: CustomerTypes
  readonly parameters?: { readonly [name in keyof Parameters]?: number | boolean }
  readonly segments: Readonly<Record<string, SegmentEntry>>
  readonly startups: Readonly<Record<string, StartupEntry>>
  readonly shocks?: Readonly<Record<string, ShockEntry>>
}

/** A shock as written, under its id. */
export type ShockEntry = Partial<Pick<ShockDefinition, ShockField>> & {
  readonly kind: ShockKind
  readonly segment?: string
  readonly startup?: string
  readonly source?: string
}

/** A segment as written, under its id. */
export type SegmentEntry = Partial<Pick<SegmentDefinition, SegmentField>> & {
  readonly name?: string
  readonly kind: SegmentKind
  readonly needs?: Triple
  readonly source?: string
}

/** A startup as written, under its id. */
export type StartupEntry = Partial<Pick<StartupDefinition, StartupField>> & {
  readonly name?: string
  readonly model?: string
  readonly strategy?: string | (Pick<StrategyChoice, 'name'> & Partial<StrategyChoice>)
  readonly quality?: Triple
  readonly fit?: Readonly<Record<string, number>>
  readonly split?: Readonly<Record<string, number>>
  readonly rdMix?: Triple
  /** Plans by id; one of the preset's is changed field by field, and left out where it is false. */
  readonly plans?: Readonly<Record<string, PlanEntry | false>>
  readonly source?: string
}

/** A plan as written, under its id. */
export type PlanEntry = Partial<Pick<PlanDefinition, PlanField>> & {
  readonly name?: string
  readonly recognition?: Recognition
  readonly offeredTo?: readonly string[]
  readonly source?: string
}

/** Ids start with a letter, so that they keep their order as keys and never look like an index. */
export const idPattern = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/

const text = (longest: number, description: string) =>
  z.string().max(longest).meta({ description }).optional()
const sourceText = text(2000, 'Where the figures come from.')
const nameText = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: 'Name for display; the id by default.' })
  .optional()
const triple = (low: number, high: number, description: string) => {
  const part = z.number().min(low).max(high)
  return z.tuple([part, part, part]).meta({ description })
}
const bySegment = (high: number, description: string) =>
  z.record(z.string(), z.number().min(0).max(high)).meta({ description }).optional()

/**
 * The schema of scenario files in which `model:` may name one of `models`.
 */
export function scenarioSchema(models: readonly BusinessModel[] = businessModels): z.ZodType<ScenarioFile> {
  const id = z.string().regex(idPattern)
  const plan = z
    .strictObject({
      name: nameText,
      ...numbers(planTable),
      recognition: z
        .enum(['rateable', 'start'])
        .meta({
          description: 'Whether revenue counts over the term or at its start (licences).',
          default: 'rateable',
        })
        .optional(),
      offeredTo: z
        .array(z.string())
        .meta({ description: 'Ids of the segments that it is offered to.' })
        .optional(),
      source: sourceText,
    })
    .meta({ description: 'One way of paying for the product.' })
  const startup = z
    .strictObject({
      name: nameText,
      model: z
        .enum(models.map((model) => model.name))
        .meta({
          description: 'Business model: a preset of plans and figures, which the other keys override.',
        })
        .optional(),
      strategy: z
        .union([id, z.strictObject({ name: id, settings: z.record(z.string(), z.number()).optional() })])
        .meta({ description: 'Decision rule: its name, or its name and settings.', default: 'default' })
        .optional(),
      ...numbers(startupTable),
      quality: triple(0, 1, 'Accuracy, scalability, responsiveness, relative to the frontier.').optional(),
      fit: bySegment(1, 'Industry fit by segment id; 0 where absent.'),
      split: bySegment(
        1e12,
        'Weights of marketing by segment id; equal over the segments served where absent.',
      ),
      rdMix: triple(
        0,
        1,
        'Shares of R&D on accuracy, scalability, responsiveness; they sum to one.',
      ).optional(),
      plans: z
        .record(id, z.union([z.literal(false), plan]))
        .meta({ description: "Plans by id; false leaves out one of the preset's." })
        .optional(),
      source: sourceText,
    })
    .meta({ description: 'Who competes: a model or plans, and what differs from the defaults.' })
  const segment = z
    .strictObject({
      name: nameText,
      kind: z
        .enum(segmentKinds)
        .meta({ description: 'Which business models serve it, and its default figures.' }),
      ...numbers(segmentTable),
      needs: triple(0, 1, 'Weights on accuracy, scalability, responsiveness; they sum to one.').optional(),
      source: sourceText,
    })
    .meta({ description: 'Customers with the same needs: a kind, and what differs from its defaults.' })
  const shock = z
    .strictObject({
      kind: z
        .enum(Object.keys(shockKinds) as ShockKind[])
        .meta({ description: `What it changes. ${shockMeanings()}` }),
      ...numbers(shockTable),
      segment: z
        .string()
        .meta({ description: 'Id of the one segment that a shock to demand or regulation is about.' })
        .optional(),
      startup: z.string().meta({ description: 'Id of the one startup that an outage is about.' }).optional(),
      source: sourceText,
    })
    .meta({
      description: 'Something that happens to the market: in its month, or at random with its chance.',
    })
  const types = z.strictObject({
    nodes: triple(-10, 10, 'Standard normal nodes.'),
    weights: triple(0, 1, 'Their weights; they sum to one.'),
  })
  const schema = z.strictObject({
    name: id.meta({ description: 'Name in results; the file name by default.' }).optional(),
    title: text(200, 'One line for headings.'),
    description: text(4000, 'What the scenario is about.'),
    source: sourceText,
    months: whole(1, 600, 96, 'Length of the simulation [months].'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .meta({ description: 'Currency code, for display.', default: 'EUR' })
      .optional(),
    demography: z
      .enum(['integer', 'expected'])
      .meta({ description: 'Whole customers drawn at random, or expected flows.', default: 'integer' })
      .optional(),
    books: z
      .enum(['cents', 'exact'])
      .meta({ description: 'Ledger postings in whole cents, or unrounded.', default: 'cents' })
      .optional(),
    individualBelow: whole(
      0,
      1e6,
      defaultIndividualBelow,
      'Segments with a potential below this draw customer by customer.',
    ),
    types: types.meta({ description: 'Customer types: three nodes and weights of a normal law.' }).optional(),
    parameters: z
      .strictObject({ ...numbers(parameterTable), startInBoom: startInBoom() })
      .meta({ description: 'Global parameters that differ from their defaults.' })
      .optional(),
    segments: z.record(id, segment).meta({ description: 'Groups of customers with the same needs, by id.' }),
    startups: z.record(id, startup).meta({ description: 'Who competes, by id.' }),
    shocks: z
      .record(id, shock)
      .meta({ description: 'What happens to the market from outside, by id.' })
      .optional(),
  })
  return schema as unknown as z.ZodType<ScenarioFile>
}

/** The JSON Schema of scenario files (draft 2020-12), as the text of `scenario.schema.json`. */
export function scenarioJsonSchema(): string {
  const schema = z.toJSONSchema(scenarioSchema(), { io: 'input' })
  return `${JSON.stringify({ title: 'Rivalry scenario', ...schema }, null, 2)}\n`
}

function whole(low: number, high: number, fallback: number, description: string) {
  return z.number().int().min(low).max(high).meta({ description, default: fallback }).optional()
}

function startInBoom() {
  const { meaning } = parameterTable.startInBoom
  const zeroOrOne = z.number().int().min(0).max(1)
  return z
    .union([z.boolean(), zeroOrOne])
    .meta({ description: `${meaning} [true or false]`, default: true })
    .optional()
}

/** What the size of each kind of shock is. */
function shockMeanings(): string {
  return Object.entries(shockKinds)
    .map(([kind, { meaning }]) => `${kind}: ${meaning}.`)
    .join(' ')
}

/** One optional number for each row of a declaration table. */
function numbers(table: Readonly<Record<string, Declaration<unknown>>>) {
  return Object.fromEntries(
    Object.entries(table).map(([name, row]) => {
      const number = row.whole ? z.number().int() : z.number()
      const bounded = number.min(row.low).max(row.high)
      const value = row.default === null ? bounded.nullable() : bounded
      const byKind = row.default !== null && typeof row.default === 'object'
      const meta = {
        description: `${row.meaning} [${row.unit}]`,
        ...(byKind ? {} : { default: row.default }),
      }
      return [name, value.meta(meta).optional()]
    }),
  )
}
