/** What a study would compute: its plan, before anything is computed. */
import type { Setting, StudyDefinition } from '../engine/study/definition.ts'
import { StudyPoints } from '../engine/study/points.ts'
import { printable } from '../engine/files/printable.ts'
import { TEXT_WIDTH, counted, grouped, shortened, textTable, wrapped } from '../engine/study/text-table.ts'
import { UnitPlan } from '../engine/study/units/units.ts'

/** The plan of a study, as `--dry-run --json` prints it. */
export interface StudyPlan {
  readonly study: string
  readonly title: string
  readonly seed: string
  readonly variants: readonly string[]
  readonly baseline: string | null
  readonly design: string
  readonly points: number
  readonly parameters: readonly string[]
  /** Of each variant at a point: at the first look, and at most. */
  readonly replications: { readonly first: number; readonly most: number }
  /** Units of the first look. */
  readonly units: number
  /** Months that startups are simulated, over all variants, points and replications: at the first look, and at most. */
  readonly startupMonths: { readonly first: number; readonly most: number }
  /** The first points of the design: values by path. */
  readonly firstPoints: readonly Readonly<Record<string, Setting>>[]
}

/** Points that a plan shows. */
const POINTS_SHOWN = 8
/** However long the names of parameters are. */
const LEAST_POINTS = 3

/** Units of the first look. */
export function firstUnits(definition: StudyDefinition): number {
  const points = new StudyPoints(definition)
  const all = Array.from({ length: points.count }, (_, point) => point)
  const look = { number: 0, points: all, first: 0, count: definition.replications.first }
  return new UnitPlan(definition, points).units(look, 0).length
}

/** The plan of a study. */
export function studyPlan(definition: StudyDefinition): StudyPlan {
  const { name, title, seed, variants, baseline = null, design } = definition
  const { first, most } = definition.replications
  const points = new StudyPoints(definition)
  // Structures come equally often; they rarely change how many startups there are.
  const monthsOfReplication = variants.reduce(
    (sum, { markets }) =>
      sum + markets.reduce((sum, { startups, months }) => sum + startups.length * months, 0) / markets.length,
    0,
  )
  return {
    study: name,
    title,
    seed,
    variants: variants.map((variant) => variant.name),
    baseline,
    design: design.kind,
    points: points.count,
    parameters: points.paths,
    replications: { first, most },
    units: firstUnits(definition),
    startupMonths: {
      first: Math.round(monthsOfReplication * points.count * first),
      most: Math.round(monthsOfReplication * points.count * most),
    },
    firstPoints: Array.from({ length: Math.min(points.count, POINTS_SHOWN) }, (_, point) =>
      points.values(point),
    ),
  }
}

/** The plan in words. */
export function planText(plan: StudyPlan): string {
  const { title, study, seed, variants, baseline, design, points, parameters } = plan
  const { replications, units, startupMonths, firstPoints } = plan
  const isFixed = replications.first === replications.most
  const range = (first: number, most: number): string =>
    isFixed ? grouped(first) : `${grouped(first)} at first, ${grouped(most)} at most`
  const names = variants.map((name) => `${printable(name)}${name === baseline ? ' (baseline)' : ''}`)
  const lines = [
    ['variants', `${grouped(variants.length)}: ${names.join(', ')}`],
    ['points', `${grouped(points)} (${design})`],
    ...(parameters.length === 0
      ? []
      : [['parameters', `${grouped(parameters.length)}: ${parameters.map(printable).join(', ')}`]]),
    ['replications', `${range(replications.first, replications.most)}, of each variant at each point`],
    ['units', `${grouped(units)}${isFixed ? '' : ' at first'}, which threads, shards and workers share`],
    ['startup-months', range(startupMonths.first, startupMonths.most)],
  ] as const
  const width = Math.max(...lines.map(([name]) => name!.length)) + 2
  const body = lines.flatMap(([name, text]) => {
    const [first = '', ...rest] = wrapped(text!, ' '.repeat(width))
    return [`${name!.padEnd(width)}${first.slice(width)}`, ...rest]
  })
  const table = parameters.length === 0 ? [] : ['', ...pointLines(firstPoints, { points, parameters })]
  const head = shortened(
    `${printable(title)}: study ${printable(study)}, seed ${printable(seed)}`,
    TEXT_WIDTH,
  )
  return `${[head, '', ...body, ...table].join('\n')}\n`
}

/** The first points: a line for each, or for each parameter where there are many. */
function pointLines(
  firstPoints: readonly Readonly<Record<string, Setting>>[],
  { points, parameters }: { points: number; parameters: readonly string[] },
): string[] {
  const value = (point: Readonly<Record<string, Setting>>, path: string): string => {
    const setting = point[path]
    if (setting === undefined) return '-'
    return printable(typeof setting === 'number' ? String(Number(setting.toPrecision(6))) : String(setting))
  }
  const cells = parameters.map((path) => [
    printable(path),
    ...firstPoints.map((point) => shortened(value(point, path), 20)),
  ])
  // As many points as fit beside the names of parameters.
  const widths = firstPoints.map((_, point) => 2 + Math.max(...cells.map((row) => row[point + 1]!.length)))
  let room = TEXT_WIDTH - Math.max(...parameters.map((path) => printable(path).length))
  let shown = 0
  while (shown < widths.length && (shown < LEAST_POINTS || room >= widths[shown]!)) room -= widths[shown++]!
  const more = points > shown ? [`and ${counted(points - shown, 'more point')}`] : []
  return [
    ...textTable(
      [
        { heads: ['point'], isWords: true },
        ...Array.from({ length: shown }, (_, point) => ({ heads: [String(point)] })),
      ],
      cells.map((row) => row.slice(0, shown + 1)),
    ),
    ...more,
  ]
}
