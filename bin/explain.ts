/** `rivalry explain`: the equations and parameters that are in force in a scenario. */
import type { Command } from 'commander'
import { strategies } from '../agents/strategies/index.ts'
import { printable } from '../engine/files/printable.ts'
import { loadScenario } from '../scenarios/index.ts'
import { explanationOf } from './explanation.ts'
import { explanationText } from './explanation-text.ts'

/** Adds the command. */
export function addExplain(program: Command): void {
  program
    .command('explain')
    .summary('print the equations and parameters in force in a scenario')
    .description(
      'Prints what a scenario computes: the mechanisms that it uses and those that it leaves out, every equation of ' +
        'the month in order, and every parameter with its value, default, unit, plausible range and source. ' +
        'Nothing is simulated.',
    )
    .argument('<scenario>', 'name of a packaged scenario, or path of a YAML file')
    .option('--set <path=value>', 'overrides a figure of the scenario; may be repeated', collect)
    .option('--json', 'print the same as JSON')
    .addHelpText(
      'after',
      `
A figure marked * is not the default, one marked ! is outside its plausible range.

Examples:
  rivalry explain large-model-market | less
  rivalry explain duopoly
  rivalry explain large-model-market --set parameters.trustWeight=1
  rivalry explain three-ways --json | jq '.parameters[] | select(.implausible)'`,
    )
    .action(explain)
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

function explain(scenario: string, { set, json }: { set?: readonly string[]; json?: true }): void {
  const market = loadScenario(scenario, { set: set ?? [], strategies })
  const explanation = explanationOf(market, strategies)
  if (json) process.stdout.write(`${JSON.stringify(explanation, null, 2)}\n`)
  // Texts of the scenario must not move the cursor; line ends are ours.
  else for (const line of explanationText(explanation)) process.stdout.write(`${printable(line)}\n`)
}
