/** The README shows what the program prints: its marked places are filled anew and must be as they are. */
import { expect, test, vi } from 'vitest'
import { main } from '../../bin/program.ts'
import { commandsIn, filled } from '../../docs/fill-readme.ts'
import { currentPicture } from '../../docs/picture.ts'
import { textOf } from './sources.ts'

const readme = textOf('README.md')

/** The arguments of the program that a command of the README stands for. */
function argumentsOf(command: string): string[] {
  const { scripts = {} } = JSON.parse(textOf('package.json')) as { scripts?: Record<string, string> }
  const script = command === 'npm start' ? (scripts['start'] ?? '') : command
  const given = /\brivalry(?:\.js|\.ts)? (run .+)$/.exec(script)?.[1]
  if (given === undefined) throw new Error(`'${command}' is no run of rivalry: ${script}`)
  return given.split(' ')
}

/** What the program prints on standard output, computed in this thread. */
async function printed(command: string): Promise<string> {
  const pieces: string[] = []
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((piece) => {
    pieces.push(String(piece))
    return true
  })
  const progress = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    await main([...argumentsOf(command), '--workers', '0'])
  } finally {
    write.mockRestore()
    progress.mockRestore()
  }
  return pieces.join('')
}

test('every command that the README shows prints what the README says', async () => {
  const commands = commandsIn(readme)
  expect(commands).toHaveLength(2)
  const outputs = new Map<string, string>()
  for (const command of commands) outputs.set(command, await printed(command))
  const current = filled(readme, (command) => outputs.get(command) ?? '', textOf)
  expect(readme, 'fill it anew with: npx tsx docs/fill-readme.ts').toBe(current)
})

test('the picture is drawn from what the flagship gives today', async () => {
  const isCurrent = textOf('docs/picture.svg') === (await currentPicture(0))
  expect(isCurrent, 'draw it anew with: npx tsx docs/picture.ts').toBe(true)
})

test('places are filled between their marks and nowhere else', () => {
  const text =
    'a\n<!-- output of npm start -->\n```\nold\n```\n<!-- end -->\nb\n<!-- block 2 of p.md -->\n<!-- end -->\n'
  const page = '```yaml\nx: 1\n```\ntext\n```ts\nconst y = 2\n```\n'
  expect(commandsIn(text)).toEqual(['npm start'])
  expect(
    filled(
      text,
      (command) => `ran ${command}\n`,
      () => page,
    ),
  ).toBe(
    'a\n<!-- output of npm start -->\n```\n$ npm start\nran npm start\n```\n<!-- end -->\nb\n<!-- block 2 of p.md -->\n```ts\nconst y = 2\n```\n<!-- end -->\n',
  )
  expect(() =>
    filled(
      text,
      () => '',
      () => '',
    ),
  ).toThrow('no block of code number 2')
})
