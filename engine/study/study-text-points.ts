/** The parts of a study's text that are about many points: which parameters matter, and where something happens. */
import { printable } from '../files/printable.ts'
import type { Sensitivity } from './sensitivity.ts'
import type { StudySummary } from './study-summary.ts'
import {
  counted,
  figureScale,
  fixed,
  grouped,
  percent,
  shortened,
  textTable,
  TEXT_WIDTH,
  wrapped,
  type TextRow,
} from './text-table.ts'

/** Parameters that are shown of one metric. */
const MOST_PARAMETERS = 10
/** Metrics of variants that are shown; of more, those of the first variant only. */
const MOST_BLOCKS = 24

/** How metrics depend on parameters, the strongest first; none where nothing was varied. */
export function sensitivityLines({ sensitivity, metrics, variants, baseline }: StudySummary): string[] {
  const [first] = sensitivity
  if (first === undefined) return []
  const shown = metrics.length > MOST_BLOCKS ? [baseline ?? variants[0]!] : variants
  const kind = kindOf(first.measure)
  const units = new Map(metrics.map(({ metric, unit }) => [metric, unit]))
  const rows = [...units].flatMap(([metric, unit]) =>
    shown.flatMap((variant) => {
      const own = sensitivity.filter((row) => row.metric === metric && row.variant === variant)
      const name = `${printable(metric)}${variants.length === 1 ? '' : ` of ${printable(variant)}`}`
      return blockOf(own, { name, unit, kind })
    }),
  )
  const columns = [{ heads: ['parameter'], isWords: true }, ...kind.heads.map((head) => ({ heads: [head] }))]
  const others =
    shown.length < variants.length ? [`Those of the other variants are in the table of sensitivity.`] : []
  return [
    ...wrapped(kind.title),
    ...textTable(columns, rows),
    ...wrapped([kind.meaning, ...others].join(' ')),
  ]
}

type Measure = Sensitivity['measure']

/** What there is to say about one way to measure sensitivity. */
interface Kind {
  readonly title: string
  readonly measures: readonly Measure[]
  readonly heads: readonly string[]
  /** By which parameters are sorted. */
  readonly leading: Measure
  readonly meaning: string
  /** Whether its numbers are in the unit of the metric. */
  readonly hasUnit: boolean
}

function kindOf(measure: Measure): Kind {
  if (measure === 'first' || measure === 'total')
    return {
      title: 'Shares of the variance over points that parameters explain (Sobol indices):',
      measures: ['first', 'total'],
      heads: ['alone [95%]', 'with all others [95%]'],
      leading: 'total',
      meaning:
        'Alone: the first-order index. With all others: the total index; where it is larger, the parameter matters together with others.',
      hasUnit: false,
    }
  if (measure === 'rank')
    return {
      title: 'Rank correlations of parameters with metrics over points (Spearman):',
      measures: ['rank'],
      heads: ['correlation'],
      leading: 'rank',
      meaning: 'From -1 to 1: how far the metric rises, or falls, with the parameter.',
      hasUnit: false,
    }
  return {
    title: 'Effects of moving one parameter over its whole range (elementary effects of Morris):',
    measures: ['muStar', 'sigma', 'mu'],
    heads: ['mean size [95%]', 'spread', 'mean'],
    leading: 'muStar',
    meaning:
      'Mean size: mu*, how much it matters. Spread: sigma, large where the effect depends on the other parameters. Mean: mu, with its sign.',
    hasUnit: true,
  }
}

function blockOf(
  own: readonly Sensitivity[],
  { name, unit, kind }: { name: string; unit: string; kind: Kind },
): TextRow[] {
  const leading = own
    .filter(({ measure, estimate }) => measure === kind.leading && estimate !== null)
    .toSorted((one, other) => Math.abs(other.estimate!) - Math.abs(one.estimate!))
  if (leading.length === 0)
    return [`${name}: nothing to say, it is equal at all points, or has no value at some`]
  const scale = figureScale(kind.hasUnit ? unit : 'share', {
    values: own.flatMap(({ estimate, high }) => [estimate, high]),
  })
  const rest = leading.length - MOST_PARAMETERS
  return [
    `${name}${scale.unit === '' ? '' : `,${scale.unit}`}`,
    ...leading.slice(0, MOST_PARAMETERS).map(({ parameter }) => [
      `  ${printable(parameter)}`,
      ...kind.measures.map((measure) => {
        const found = own.find((row) => row.parameter === parameter && row.measure === measure)
        if (found === undefined || found.estimate === null) return '-'
        const { estimate, low, high } = found
        const { show } = scale
        return low === null || high === null
          ? show(estimate)
          : `${show(estimate)} [${show(low)}, ${show(high)}]`
      }),
    ]),
    ...(rest > 0 ? [`  and ${counted(rest, 'parameter')} that matter less`] : []),
  ]
}

/** The answers to questions where something happens. */
export function discoveryLines({ discovery, variants }: StudySummary): string[] {
  return discovery.flatMap(
    ({ name, variant, metric, condition, cases, points, box, found, reason }, index) => {
      const of = variants.length === 1 ? '' : ` of ${printable(variant)}`
      const such = `${printable(metric)}${of} is ${condition}`
      const asked = wrapped(
        `${printable(name)}: where is it that ${such}? It is so at ${grouped(cases)} of ${counted(points, 'point')}.`,
      )
      const answer =
        found === undefined
          ? wrapped(`No box was looked for: ${reasonOf({ cases, points, reason })}.`, '  ')
          : box.length === 0
            ? wrapped('No limits of parameters make it more likely.', '  ')
            : [
                '  Mostly where',
                ...box.map((limit) => shortened(`    ${printable(limit)}`, TEXT_WIDTH)),
                ...wrapped(
                  `There, it is so at ${percent(found.density)} of points (density ${fixed(found.density, 2)}), and ` +
                    `${percent(found.coverage)} of all such points lie there (coverage ${fixed(found.coverage, 2)}); ` +
                    `the box holds ${percent(found.mass)} of the points.`,
                  '  ',
                ),
              ]
      return [...(index === 0 ? [] : ['']), ...asked, ...answer]
    },
  )
}

function reasonOf({
  cases,
  points,
  reason,
}: {
  cases: number
  points: number
  reason?: string | undefined
}): string {
  if (cases === 0) return 'it is so nowhere'
  if (cases === points) return 'it is so everywhere'
  return printable(reason ?? 'nothing was found')
}
