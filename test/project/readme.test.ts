/** Pages show what the program prints: their marked places are filled anew and must be as they are. */
import { expect, test, vi } from 'vitest'
import { main } from '../../bin/program.ts'
import { PAGES, commandsIn, filled } from '../../docs/fill-pages.ts'
import { currentPicture } from '../../docs/picture.ts'
import { textOf } from './sources.ts'

/** The arguments of the program that a command of a page stands for; none for another program. */
function argumentsOf(command: string): string[] | undefined {
  const { scripts = {} } = JSON.parse(textOf('package.json')) as { scripts?: Record<string, string> }
  const script = command === 'npm start' ? (scripts['start'] ?? '') : command
  const given = /\brivalry(?:\.js|\.ts)? ((?:run|study) .+)$/.exec(script)?.[1]
  return given?.split(' ')
}

/** What the program prints on standard output, computed in this thread. */
async function printed(args: readonly string[]): Promise<string> {
  const pieces: string[] = []
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((piece) => {
    pieces.push(String(piece))
    return true
  })
  const progress = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    await main([...args, '--workers', '0'])
  } finally {
    write.mockRestore()
    progress.mockRestore()
  }
  return pieces.join('')
}

test.each(PAGES)('every command of rivalry that %s shows prints what it says', async (path) => {
  const page = textOf(path)
  const runs = commandsIn(page).flatMap((command) => {
    const args = argumentsOf(command)
    return args === undefined ? [] : [{ command, args }]
  })
  expect(runs.length).toBeGreaterThan(0)
  const outputs = new Map<string, string>()
  for (const { command, args } of runs) outputs.set(command, await printed(args))
  // What other programs print takes too long here; tests of their own hold what they compute.
  const kept = (command: string): string => shownIn(page, command)
  const current = filled(page, (command) => outputs.get(command) ?? kept(command), textOf)
  expect(page, `fill it anew with: npx tsx docs/fill-pages.ts ${path}`).toBe(current)
})

/** What a page says that a command prints. */
function shownIn(page: string, command: string): string {
  const from = `$ ${command}\n`
  const start = page.indexOf(from) + from.length
  return page.slice(start, page.indexOf('\n```\n<!-- end -->', start))
}

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
