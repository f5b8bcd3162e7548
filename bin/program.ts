/** The commands, and how they end. */
import { Command, CommanderError } from 'commander'
import { engineVersion } from '../index.ts'
import { addDoctor } from './doctor.ts'
import { failureOf } from './failure.ts'
import { addRun } from './run.ts'
import { addScenarios } from './scenarios.ts'

/** Runs the command line of `args`, without node and script, and sets the exit code of the process. */
export async function main(args: readonly string[]): Promise<void> {
  // Whoever reads our output may have seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
  const program = createProgram()
  if (args.length === 0) return program.outputHelp()
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    // Help and version were printed and end the program as errors do.
    if (error instanceof CommanderError && error.exitCode === 0) return
    const { text, exitCode } = failureOf(error, { verbose: args.includes('--verbose') })
    process.stderr.write(text)
    process.exitCode = exitCode
  }
}

function createProgram(): Command {
  const program = new Command('rivalry')
    .description('Agent-based market simulation: which business model wins, where, and when?')
    .version(engineVersion)
    .option('--verbose', 'show where errors come from')
    .exitOverride()
    // Errors are printed in one place and one form.
    .configureOutput({ outputError: () => undefined })
    .addHelpText(
      'after',
      `
Examples:
  rivalry scenarios
  rivalry run large-model-market
  rivalry run three-ways --replications 2000 --out out/three-ways
  rivalry doctor`,
    )
  for (const add of [addRun, addScenarios, addDoctor]) add(program)
  for (const command of program.commands) command.option('--verbose', 'show where errors come from')
  return program
}
