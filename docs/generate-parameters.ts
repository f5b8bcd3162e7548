/**
 * Writes docs/parameters.md from the tables that the engine itself uses, so that the page cannot be wrong. Run as
 * `npx tsx docs/generate-parameters.ts`; a test compares the page with what this gives.
 */
import { writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import {
  defaultIndividualBelow,
  defaultNeeds,
  defaultQuality,
  defaultRdMix,
  defaultTypes,
  planTable,
  segmentKinds,
  segmentTable,
  shockKinds,
  shockTable,
  startupTable,
  type SegmentKind,
} from '../engine/market/definition.ts'
import {
  parameterNames,
  parameterTable,
  type Declaration,
  type ParameterName,
} from '../engine/market/parameters.ts'
import { shownFigure as shown, shownRange } from '../engine/market/figures.ts'
import { businessModels, type BusinessModel, type PresetPlan } from '../agents/business-models/index.ts'

/** Where the global parameters of each section of the month begin in their table. */
const SECTIONS: readonly (readonly [first: ParameterName, title: string])[] = [
  ['computePrice', 'Events, taste, uncertainty'],
  ['cutBelowRunway', 'Decisions and their bounds'],
  ['capCurvature', 'Choice'],
  ['reservedMinimum', 'Service'],
  ['revenuePerThousandAds', 'Books'],
  ['burnMemory', 'Capital'],
  ['rdGain', 'Learning, copying, awareness, readiness'],
]

type AnyDeclaration = Declaration<number | null | Readonly<Record<SegmentKind, number>>>

/** What a number may be: its bounds, and what else is asked of it. */
function validity({ low, high, whole }: AnyDeclaration): string {
  return `${shown(low)} to ${shown(high)}${whole === true ? ', whole' : ''}`
}

/** A cell of a table: bars would end it. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

/** A Markdown table. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

/** Name, symbol and power of the currency of a row. */
function nameOf(name: string, { symbol, money }: AnyDeclaration): string {
  const scale = money === undefined ? '' : money === 1 ? ' ¤' : ' 1/¤'
  return `\`${name}\`${symbol === undefined ? '' : ` (${symbol})`}${scale}`
}

const HEADS = ['name', 'default', 'unit', 'meaning', 'valid', 'plausible', 'source'] as const

function rowsOf(
  declarations: Readonly<Record<string, Declaration<number | null>>>,
  names = Object.keys(declarations),
): string[][] {
  return names.map((name) => {
    const row = declarations[name] as Declaration<number | null>
    return [
      nameOf(name, row),
      shown(row.default),
      row.unit,
      row.meaning,
      validity(row),
      shownRange(row.plausible) || '-',
      row.source,
    ]
  })
}

/** One table for each section of the month. */
function globalTables(): string {
  return SECTIONS.map(([first, title], index) => {
    const from = parameterNames.indexOf(first)
    const next = SECTIONS[index + 1]
    const to = next === undefined ? parameterNames.length : parameterNames.indexOf(next[0])
    return `### ${title}\n\n${table(HEADS, rowsOf(parameterTable, parameterNames.slice(from, to)))}`
  }).join('\n\n')
}

function segmentsTable(): string {
  const heads = [
    'name',
    'consumer',
    'small business',
    'developer',
    'enterprise',
    'unit',
    'meaning',
    'valid',
    'plausible',
    'source',
  ]
  const rows = Object.entries(segmentTable).map(([name, row]) => [
    nameOf(name, row),
    ...segmentKinds.map((kind) => shown(row.default[kind])),
    row.unit,
    row.meaning,
    validity(row),
    row.plausibleTimes === undefined
      ? shownRange(row.plausible) || '-'
      : `${shownRange(row.plausibleTimes)} times`,
    row.source,
  ])
  return table(heads, rows)
}

function needsTable(): string {
  const rows = segmentKinds.map((kind) => [kind, ...defaultNeeds[kind].map(shown)])
  return table(['needs', 'accuracy', 'scalability', 'responsiveness'], rows)
}

/** What each kind of shock changes, and by how much. */
function shockKindsTable(): string {
  const rows = Object.entries(shockKinds).map(([kind, { meaning, unit, low, high, about }]) => [
    `\`${kind}\``,
    meaning,
    unit,
    low === high ? '-' : `${shown(low)} to ${shown(high)}`,
    about === undefined ? 'the market' : `a ${about}, or all`,
  ])
  return table(['kind', 'what its size is', 'unit', 'valid', 'about'], rows)
}

const triple = (values: readonly number[]): string => values.map(shown).join(', ')

/** What differs from the defaults, in words. */
function differences(figures: Readonly<Record<string, unknown>>, hidden: readonly string[] = []): string {
  const entries = Object.entries(figures).filter(([name]) => !hidden.includes(name))
  const value = (given: unknown): string =>
    typeof given === 'number' || given === null
      ? shown(given)
      : Array.isArray(given)
        ? triple(given as number[])
        : String(given)
  return entries.map(([name, given]) => `${name} ${value(given)}`).join('; ')
}

/** The plans of every business model, one a row. */
function businessModelsTable(): string {
  const planRow = (model: BusinessModel, plan: PresetPlan, index: number): string[] => {
    const isFirst = index === 0
    return [
      isFirst ? model.title : '',
      isFirst ? `\`${model.name}\`` : '',
      plan.id,
      differences(plan, ['id', 'offeredTo']),
      plan.offeredTo.join(', '),
      isFirst ? differences(model.startup) : '',
    ]
  }
  const rows = businessModels.flatMap((model) =>
    model.plans.map((plan, index) => planRow(model, plan, index)),
  )
  return table(['business model', 'name', 'plan', 'figures', 'offered to', 'the startup'], rows)
}

/** The text of docs/parameters.md. */
export function parametersPage(): string {
  return `<!-- Written by docs/generate-parameters.ts from engine/market/parameters.ts and definition.ts: change those. -->

# Parameters

Every number of the [model](model.md) with its default, unit and bounds. A scenario may set any of them by name:
global ones under \`parameters\`, the others in a segment, a startup or a plan. \`rivalry explain SCENARIO\` prints those
in force in a scenario, with the equations that they stand in.

- **valid** are hard bounds: a scenario beyond them is refused.
- **plausible** is the range that a sensitivity study would sample, for segments as multiples of the default where that
  differs by kind. Ranges are judgements unless the source names data. - marks decisions of startups, conventions of an
  equation and engineering limits, which a study leaves as they are.
- **source** says where a default comes from. *Assumption* is a judgement without data. *Assumption of the model*
  belongs to the form of an equation, a *convention of the model* only fixes what it means. *Calibrated* was set by hand
  so that startups survive at plausible rates. None of these is evidence. *Engineering limit* only keeps numbers finite.
- ¤ marks amounts of money and 1/¤ what is per unit of money: to express a market in another currency, multiply the
  first and divide the second by the rate of exchange. Nothing else changes.

## The whole market

${globalTables()}

## Segments

Defaults differ by kind of segment; \`enterprise\` stands for finance in the flagship scenario.

${segmentsTable()}

${needsTable()}

Customers of a segment are of three types at nodes ${triple(defaultTypes.nodes)} with weights ${triple(defaultTypes.weights)}
(Gauss-Hermite, exact to the fifth moment of a normal law). Segments with a potential below ${shown(defaultIndividualBelow)} in
month 0 draw their customers one by one; \`individualBelow\` sets another limit.

## Startups

${table(HEADS, rowsOf(startupTable))}

Quality before month 0 is ${triple(defaultQuality)} (accuracy, scalability, responsiveness), and R&D goes to them in shares of
${triple(defaultRdMix)}. Business models change these defaults; a scenario may change them again.

## Plans

${table(HEADS, rowsOf(planTable))}

\`recognition\` is \`rateable\` (a prepaid price is earned over its term) or \`start\` (at once: licences).

## Shocks

${table(HEADS, rowsOf(shockTable))}

${shockKindsTable()}

## Business models

Presets over the figures above; what is not named is a default. The files in \`agents/business-models/\` say how each earns,
what it costs and when it breaks.

${businessModelsTable()}
`
}

if (argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(new URL('parameters.md', import.meta.url), parametersPage())
