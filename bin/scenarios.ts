/** `rivalry scenarios`: what can be run as it is. */
import type { Command } from 'commander'
import { listScenarios, loadScenario } from '../scenarios/index.ts'
import { count } from './count.ts'

/** Adds the command. */
export function addScenarios(program: Command): void {
  program
    .command('scenarios')
    .summary('list the packaged scenarios')
    .description(
      'Lists the packaged scenarios: the name that `rivalry run` takes, its size and what it is about.',
    )
    .option('--json', 'print the list as JSON, with paths of the files')
    .addHelpText(
      'after',
      `
Examples:
  rivalry scenarios
  rivalry scenarios --json`,
    )
    .action(scenarios)
}

function scenarios({ json }: { json?: true }): void {
  const listed = listScenarios().map(({ name, file }) => {
    const { title, description, months, startups, segments } = loadScenario(name)
    return {
      name,
      title,
      description: description ?? title,
      months,
      startups: startups.length,
      segments: segments.length,
      file,
    }
  })
  if (json) {
    process.stdout.write(`${JSON.stringify(listed, null, 2)}\n`)
    return
  }
  const width = Math.max(...listed.map(({ name }) => name.length))
  for (const { name, description, months, startups, segments } of listed) {
    process.stdout.write(`${name.padEnd(width)}  ${firstSentence(description)}\n`)
    process.stdout.write(
      `${' '.repeat(width)}  ${[count(startups, 'startup'), count(segments, 'segment'), count(months, 'month')].join(', ')}\n`,
    )
  }
}

/** Up to the first full stop or question mark that ends a sentence, on one line. */
export function firstSentence(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  // After "et al." and the like, and before anything but a capital, a sentence goes on.
  return /^.*?(?<!\b(?:et al|e\.g|i\.e|cf|vs|[A-Z]))[.?!](?= \p{Lu}|$)/u.exec(line)?.[0] ?? line
}
