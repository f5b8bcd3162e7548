/** `rivalry scenarios`: what can be run as it is. */
import type { Command } from 'commander'
import { StudyPoints } from '../engine/study/points.ts'
import { listScenarios, listStudies, loadScenario, loadStudy } from '../scenarios/index.ts'
import { count } from './count.ts'

/** Adds the command. */
export function addScenarios(program: Command): void {
  program
    .command('scenarios')
    .summary('list the packaged scenarios and studies')
    .description(
      'Lists the packaged scenarios, by the name that `rivalry run` takes, and the packaged studies, by the name that ' +
        '`rivalry study` takes: each with its size and what it is about.',
    )
    .option('--json', 'print the lists as JSON, with paths of the files')
    .option('--studies', 'list the studies only')
    .addHelpText(
      'after',
      `
Examples:
  rivalry scenarios
  rivalry scenarios --json
  rivalry scenarios --studies --json`,
    )
    .action(scenarios)
}

interface Listed {
  readonly name: string
  readonly description: string
  /** What it is made of: `3 startups`, `60 months`. */
  readonly size: readonly string[]
  readonly json: Readonly<Record<string, unknown>>
}

function scenarios({ json, studies }: { json?: true; studies?: true }): void {
  if (json) {
    const listed = (studies ? listedStudies() : listedScenarios()).map((one) => one.json)
    process.stdout.write(`${JSON.stringify(listed, null, 2)}\n`)
    return
  }
  const groups = [...(studies ? [] : [listedScenarios()]), listedStudies()]
  const width = Math.max(...groups.flat().map(({ name }) => name.length))
  const texts = groups.map((group) =>
    group
      .map(
        ({ name, description, size }) =>
          `${name.padEnd(width)}  ${firstSentence(description)}\n${' '.repeat(width)}  ${size.join(', ')}\n`,
      )
      .join(''),
  )
  process.stdout.write(studies ? texts.join('') : `${texts[0]}\nStudies, for \`rivalry study\`:\n${texts[1]}`)
}

function listedScenarios(): Listed[] {
  return listScenarios().map(({ name, file }) => {
    const { title, description = title, months, startups, segments } = loadScenario(name)
    return {
      name,
      description,
      size: [count(startups.length, 'startup'), count(segments.length, 'segment'), count(months, 'month')],
      json: {
        name,
        title,
        description,
        months,
        startups: startups.length,
        segments: segments.length,
        file,
      },
    }
  })
}

function listedStudies(): Listed[] {
  return listStudies().map(({ name, file }) => {
    const study = loadStudy(name)
    const { title, description = title, variants, design, replications, metrics } = study
    const { count: points, paths } = new StudyPoints(study)
    const { first, most } = replications
    return {
      name,
      description,
      size: [
        count(variants.length, 'variant'),
        `${count(points, 'point')}${paths.length === 0 ? '' : ` of ${count(paths.length, 'parameter')}`}`,
        first === most ? count(most, 'replication') : `${first} to ${count(most, 'replication')}`,
      ],
      json: {
        name,
        title,
        description,
        variants: variants.map((variant) => variant.name),
        design: design.kind,
        points,
        parameters: paths,
        replications: { first, most },
        metrics: metrics.map((metric) => metric.name),
        file,
      },
    }
  })
}

/** Up to the first full stop or question mark that ends a sentence, on one line. */
export function firstSentence(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  // After "et al." and the like, and before anything but a capital, a sentence goes on.
  return /^.*?(?<!\b(?:et al|e\.g|i\.e|cf|vs|[A-Z]))[.?!](?= \p{Lu}|$)/u.exec(line)?.[0] ?? line
}
