/** An explanation as text for a pager, at most 110 wide. */
import { letters, type EquationStep } from '../engine/market/equations.ts'
import { shownFigure, shownRange } from '../engine/market/figures.ts'
import type {
  Explanation,
  ExplainedFigure,
  ExplainedPlan,
  ExplainedSegment,
  ExplainedShock,
  ExplainedStartup,
  ExplainedTriple,
} from './explanation.ts'

/** Columns that a line may take. */
export const WIDTH = 110

const STEP_TITLES: Readonly<Record<EquationStep, string>> = {
  start: 'before month 0',
  draws: 'draws',
  events: 'events',
  decisions: 'decisions',
  strategies: 'strategies',
  terms: 'terms of offers',
  choice: 'choice',
  enrolment: 'enrolment',
  service: 'service',
  books: 'books',
  capital: 'capital',
  exits: 'exits',
  learning: 'learning, awareness, readiness',
  measure: 'measures of health',
}

/** The lines of an explanation. */
export function explanationText(explanation: Explanation): string[] {
  return [
    ...head(explanation),
    ...section('Mechanisms', mechanismLines(explanation)),
    ...section('The month, in order', equationLines(explanation)),
    ...section('Parameters of the whole market', parameterLines(explanation.parameters)),
    ...section('Segments', segmentLines(explanation)),
    ...section('Startups', startupLines(explanation)),
    ...section('Plans', planLines(explanation.startups)),
    ...(explanation.shocks.length === 0 ? [] : section('Shocks', shockLines(explanation.shocks))),
  ]
}

function head({
  title,
  scenario,
  months,
  currency,
  demography,
  books,
  description,
  source,
  ...rest
}: Explanation): string[] {
  const { individualBelow, types } = rest
  return [
    ...wrapped(
      `${title} (${scenario}): ${months} months, ${currency}, demography ${demography}, books ${books}`,
    ),
    ...(description === undefined ? [] : ['', ...wrapped(description)]),
    ...(source === undefined ? [] : ['', ...wrapped(`Source: ${source}`)]),
    '',
    ...wrapped(
      `Customers of a segment are of three types, nodes z ${list(types.nodes)}, weights w ${list(types.weights)}.` +
        (demography === 'integer'
          ? ` Segments below ${shownFigure(individualBelow.value)}${mark(individualBelow)} customers are drawn one by one.`
          : ''),
    ),
    '* not the default     ! outside the plausible range',
  ]
}

function section(title: string, lines: readonly string[]): string[] {
  return ['', title.toUpperCase(), ...lines]
}

function mechanismLines({ mechanisms: { inForce, leftOut }, strategies }: Explanation): string[] {
  const width = Math.max(...[...inForce, ...leftOut].map(({ title }) => title.length))
  const lines = (found: typeof inForce): string[] =>
    found.length === 0
      ? ['    none']
      : found.flatMap(({ title, cause }) => wrapped(`${title.padEnd(width)}  ${cause}`, 4, 6 + width))
  return [
    '  in force',
    ...lines(inForce),
    '  left out (what would bring it in)',
    ...lines(leftOut),
    ...strategies.flatMap(({ name, meaning, acts }) =>
      wrapped(`strategy ${name}: ${meaning} (acts on ${acts.join(', ')})`, 2, 4),
    ),
  ]
}

function equationLines({ equations }: Explanation): string[] {
  const steps = equations.flatMap(({ step, title, lines }, i) => [
    ...(equations[i - 1]?.step === step ? [] : ['', `  ${STEP_TITLES[step]}`]),
    ...wrapped(`- ${title}`, 2, 4),
    ...lines.map((line) => `    ${line}`),
  ])
  return [...letters.flatMap((line) => wrapped(line, 2, 4)), ...steps]
}

const mark = ({
  changed,
  implausible,
}: Pick<ExplainedFigure, 'changed'> & { implausible?: boolean }): string =>
  `${changed ? '*' : ''}${implausible === true ? '!' : ''}`

/** Two lines for each figure: its numbers, and what it means and where the default comes from. */
function parameterLines(figures: readonly ExplainedFigure[]): string[] {
  const rows = [
    ['', 'value', 'default', 'plausible', 'unit'],
    ...figures.map((figure) => [
      figure.symbol === undefined ? figure.name : `${figure.name} (${figure.symbol})`,
      `${shownFigure(figure.value)}${mark(figure).padEnd(2)}`,
      shownFigure(figure.default),
      shownRange(figure.plausible) || '-',
      figure.unit,
    ]),
  ]
  const [heads = '', ...lines] = columns(rows, [true, false, false, true, true])
  return [
    heads,
    ...figures.flatMap(({ meaning, source }, i) => [
      lines[i] as string,
      ...wrapped(`${meaning}; ${source}`, 6, 6),
    ]),
  ]
}

function segmentLines({ segments }: Explanation): string[] {
  return [
    ...wide(segments, ({ id }) => id, [
      { title: 'kind', cell: ({ kind }) => kind },
      { title: 'needs', cell: ({ needs }) => tripleCell(needs) },
      ...figureRows<ExplainedSegment>(segments),
    ]),
    ...legend(segments),
  ]
}

function startupLines({ startups, segments }: Explanation): string[] {
  const places = segments.map(({ id }) => ({
    title: `marketing in ${id}`,
    cell: ({ split, fit }: ExplainedStartup): string => {
      const [share, known] = [split[id] ?? 0, fit[id] ?? 0]
      if (share === 0 && known === 0) return ''
      return `${shownFigure(share)}${known === 0 ? '' : `, fit ${shownFigure(known)}`}`
    },
  }))
  return [
    ...wide(startups, ({ id }) => id, [
      { title: 'business model', cell: ({ businessModel }) => businessModel },
      { title: 'strategy', cell: ({ strategy }) => strategy.name },
      { title: 'quality', cell: ({ quality }) => tripleCell(quality) },
      { title: 'R&D mix', cell: ({ rdMix }) => tripleCell(rdMix) },
      ...places,
      ...figureRows<ExplainedStartup>(startups),
    ]),
    ...startups.flatMap(({ id, strategy: { name, settings } }) => {
      const given = Object.entries(settings).map(([setting, value]) => `${setting} ${shownFigure(value)}`)
      return given.length === 0 ? [] : wrapped(`settings of ${name} in ${id}: ${given.join(', ')}`, 2, 4)
    }),
    ...legend(startups),
  ]
}

/** A plan in a line or two: figures that are not the default. */
function planLines(startups: readonly ExplainedStartup[]): string[] {
  const all = startups.flatMap(({ id, plans }) => plans.map((plan) => ({ startup: id, plan })))
  const described = ({ figures, recognition, offeredTo }: ExplainedPlan): string => {
    const figureTexts = figures
      .filter(({ changed }) => changed)
      .map((figure) => `${figure.name} ${shownFigure(figure.value)}${figure.implausible ? '!' : ''}`)
    if (recognition !== 'rateable') figureTexts.push(`recognition ${recognition}`)
    return `${figureTexts.length === 0 ? 'free' : figureTexts.join(', ')}; offered to ${offeredTo.join(', ') || 'nobody'}`
  }
  const width = Math.max(0, ...all.map(({ startup, plan }) => `${startup}/${plan.id}`.length))
  return [
    '  what is not the default; defaults and meanings below',
    ...all.flatMap(({ startup, plan }) =>
      wrapped(`${`${startup}/${plan.id}`.padEnd(width)}  ${described(plan)}`, 2, 4 + width),
    ),
    ...legend(all.map(({ startup, plan }) => ({ ...plan, id: `${startup}/${plan.id}` }))),
  ]
}

/** A shock in a line or two, and what it does. */
function shockLines(shocks: readonly ExplainedShock[]): string[] {
  return [
    ...shocks.flatMap(({ id, kind, about, meaning, figures }) => {
      const stated = figures.map(({ name, value }) => `${name} ${shownFigure(value)}`).join(', ')
      return wrapped(
        `${id}: ${kind}${about === undefined ? '' : ` of ${about}`}; ${stated}; ${meaning}`,
        2,
        4,
      )
    }),
    ...legend(shocks),
  ]
}

interface Row<Entity> {
  readonly title: string
  readonly cell: (entity: Entity) => string
}

function figureRows<Entity extends { readonly figures: readonly ExplainedFigure[] }>(
  entities: readonly Entity[],
): Row<Entity>[] {
  return (entities[0]?.figures ?? []).map(({ name, symbol }, i) => ({
    title: symbol === undefined || symbol === name ? name : `${name} (${symbol})`,
    cell: ({ figures }) => {
      const figure = figures[i] as ExplainedFigure
      return `${shownFigure(figure.value)}${mark(figure)}`
    },
  }))
}

const list = (values: readonly number[]): string => values.map(shownFigure).join(', ')
const tripleCell = (triple: ExplainedTriple): string =>
  `${triple.value.map((value) => shownFigure(Number(value.toFixed(3)))).join(' ')}${mark(triple)}`

/** Entities side by side, one row a figure; as many at once as the width holds. */
function wide<Entity>(
  entities: readonly Entity[],
  headOf: (entity: Entity) => string,
  rows: readonly Row<Entity>[],
): string[] {
  const first = Math.max(...rows.map(({ title }) => title.length))
  const widths = entities.map((entity) =>
    Math.max(headOf(entity).length, ...rows.map(({ cell }) => cell(entity).length)),
  )
  const groups: number[][] = []
  let room = 0
  entities.forEach((_, i) => {
    const width = widths[i]! + 2
    if (groups.length === 0 || room < width) {
      groups.push([])
      room = WIDTH - 2 - first
    }
    groups.at(-1)!.push(i)
    room -= width
  })
  return groups.flatMap((group, number) => {
    const line = (title: string, cellOf: (entity: Entity) => string): string =>
      `  ${title.padEnd(first)}${group.map((i) => `  ${cellOf(entities[i]!).padStart(widths[i]!)}`).join('')}`.trimEnd()
    return [
      ...(number === 0 ? [] : ['']),
      line('', headOf),
      ...rows.map(({ title, cell }) => line(title, cell)),
    ]
  })
}

/** What the figures of a kind of entity mean, and what the scenario says of each entity's. */
function legend(
  entities: readonly {
    readonly id: string
    readonly source?: string
    readonly figures: readonly ExplainedFigure[]
  }[],
): string[] {
  const sources = entities.flatMap(({ id, source }) =>
    source === undefined ? [] : wrapped(`${id}: ${source}`, 4, 6),
  )
  const meanings = (entities[0]?.figures ?? []).flatMap((figure, i) => {
    const defaults = [...new Set(entities.map(({ figures }) => shownFigure(figures[i]!.default)))]
    const usual = `default ${defaults.join(' or ')}${defaults.length > 1 ? ' by kind' : ''}`
    const { plausible, plausibleTimes } = figure
    const range =
      plausibleTimes === undefined ? shownRange(plausible) : `${shownRange(plausibleTimes)} times that`
    const within = range === '' ? '' : `, plausible ${range}`
    return wrapped(
      `${figure.name} [${figure.unit}]: ${figure.meaning}; ${usual}${within}; ${figure.source}`,
      4,
      6,
    )
  })
  return [
    '  meanings, defaults, plausible ranges, sources of defaults',
    ...meanings,
    ...(sources.length === 0 ? [] : ['  what the scenario says of its figures', ...sources]),
  ]
}

/** Rows as columns two spaces apart, after two more; true is left-aligned. */
function columns(rows: readonly (readonly string[])[], isLeft: readonly boolean[]): string[] {
  const widths = isLeft.map((_, k) => Math.max(...rows.map((row) => row[k]!.length)))
  return rows.map((row) =>
    `  ${row.map((cell, k) => (isLeft[k] ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!))).join('  ')}`.trimEnd(),
  )
}

/** A text in lines of at most `WIDTH`, the first after `indent` spaces and the others after `hanging`. */
function wrapped(text: string, indent = 0, hanging = indent): string[] {
  const lines: string[] = []
  let line = ' '.repeat(indent)
  let isEmpty = true
  // Runs of spaces align columns, so they stay with the word before them.
  for (const [word] of text
    .replaceAll(/[\n\t]/g, ' ')
    .trim()
    .matchAll(/\S+ */g)) {
    if (!isEmpty && line.length + word.trimEnd().length > WIDTH) {
      lines.push(line.trimEnd())
      line = ' '.repeat(hanging)
    }
    line += word
    isEmpty = false
  }
  return [...lines, line.trimEnd()]
}
