/**
 * Writes docs/metrics.md, what every metric means, from the declarations that compute them. Run as
 * `npx tsx docs/generate-metrics.ts`; a test compares the page with what this gives.
 */
import { writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Metric } from '../engine/metrics/metric.ts'
import { metricsOf } from '../engine/metrics/registry.ts'

/** A sentence: its first letter large and a stop at the end. */
function sentence(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}.`
}

function section({ name, unit, meaning, formula, undefinedWhen, source, needs }: Metric<never>): string {
  return [
    `### \`${name}\``,
    '',
    `${sentence(meaning)} Unit: ${unit === '1' ? 'none' : unit}.`,
    '',
    `- Formula: ${formula}`,
    ...(undefinedWhen === undefined ? [] : [`- No value: where ${undefinedWhen}`]),
    `- Source: ${source}`,
    `- Reads: ${[...new Set(needs)].map((column) => `\`${column}\``).join(', ')}`,
  ].join('\n')
}

/** The text of docs/metrics.md. */
export function metricsPage(): string {
  const sections = (metrics: readonly Metric<never>[]): string => metrics.map(section).join('\n\n')
  return `<!-- Written by docs/generate-metrics.ts from engine/metrics: change that. -->

# Metrics

Standard metrics by their standard definitions, from the tables of a run that recorded months:

\`\`\`
npx rivalry run three-ways --record months --out out/three-ways
npx rivalry metrics out/three-ways --rate 0.1
\`\`\`

This prints what they come to over replications (median, 10%, 90%, mean, and the share of replications in which a metric
is defined) and leaves two tables beside the run: \`metrics\`, one row per replication and startup, and
\`market-metrics\`, one row per replication. Where a metric has no value the cell is null, never zero or not-a-number:
a startup that burns no cash has no runway, one that loses nobody no lifetime value. Medians are over the values that there
are, so read them with the share that is defined.

What they have in common:

- **Last year in business.** Rates are quotients of sums over the last twelve months at whose end the startup is in business,
  or fewer where it lived less long; so a month counts by its size, and a year's prepaid terms even out. The month in which
  it fails is not among them, since its customers are gone at its end. Sums over all months include it.
- **Customers.** Whoever joins in a month pays for it, so customers at its end are those of the month; those at its start are
  those at the end of the month before. Before a startup enters it has none.
- **Paying customers** are those on plans with a price. A startup without such a plan lives on advertisers or trade, and
  all its users count: otherwise it would have nobody to acquire or to lose. Whoever takes a plan with a price, from
  outside or from a free plan of the startup, is acquired, and lost on leaving the startup or going back to a free plan.
- **From a free plan to a paid one.** Those who compare and stay with a startup settle anew on its plans, together. Who of them
  moved is not recorded, so \`converted\` and \`downgraded\` are what to expect if all of them settle alike: fractions of customers.
- **Money** is that of the scenario and of each month: neither deflated nor discounted, but for \`discountedValue\`.

## Startups

${sections(metricsOf('startup'))}

## The market

${sections(metricsOf('market'))}
`
}

if (argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(new URL('metrics.md', import.meta.url), metricsPage())
