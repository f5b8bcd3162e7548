/**
 * What one startup of the flagship gets out of each packaged strategy, rivals as by default, the same luck
 * for all:
 *
 *   npx tsx test/agents/strategies/flagship.ts [startup] [replications]
 */
import { argv } from 'node:process'
import { pathToFileURL } from 'node:url'
import { strategies } from '../../../agents/strategies/index.ts'
import { loadScenario, simulate, type StartupSummary } from '../../../index.ts'

/** The summaries of a startup by strategy, that by default first. */
export async function compareStrategies(
  startup: string,
  {
    replications,
    names = ['default', ...strategies.map(({ name }) => name)],
  }: { replications: number; names?: readonly string[] },
): Promise<{ strategy: string; summary: StartupSummary }[]> {
  const rows = []
  for (const strategy of names) {
    const market = loadScenario('large-model-market', { set: [`startups.${startup}.strategy=${strategy}`] })
    const { summary } = await simulate(market, { replications, seed: 1 })
    rows.push({ strategy, summary: summary.startups.find(({ id }) => id === startup)! })
  }
  return rows
}

/** One line for each strategy; profits in millions. */
export function comparisonText(rows: Awaited<ReturnType<typeof compareStrategies>>): string {
  const millions = (money: number): string => (money / 1e6).toFixed(1)
  const lines = rows.map(({ strategy, summary: { survivalAtEnd, profit } }) => [
    strategy,
    survivalAtEnd.share.toFixed(2),
    millions(profit.median),
    `[${millions(profit.low10)}, ${millions(profit.high90)}]`,
    millions(profit.mean),
    profit.positive.share.toFixed(2),
  ])
  const table = [['strategy', 'alive', 'profit', '[10%, 90%]', 'mean', 'P(> 0)'], ...lines]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  return table
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
    )
    .join('\n')
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  const [startup = 'subscription', replications = '200'] = argv.slice(2)
  console.log(comparisonText(await compareStrategies(startup, { replications: Number(replications) })))
}
