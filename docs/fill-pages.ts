/**
 * Puts real output into README.md and pages of docs. A marked place is a comment `<!-- output of COMMAND -->`, a block of code, and
 * `<!-- end -->`: the block is replaced by what the command prints. `<!-- block N of PAGE -->` copies the Nth block of code of
 * a page, which a test of that page runs. Run as `npx tsx docs/fill-pages.ts [PAGE...]` after `npm run build`; what a
 * command prints on standard error, such as times, is left out.
 */
import { execSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

const PLACE = /<!-- (output of|block (\d+) of) (.+?) -->\n[\s\S]*?<!-- end -->/g

/** The commands whose output a text shows. */
export function commandsIn(text: string): string[] {
  return [...text.matchAll(PLACE)]
    .filter(([, kind]) => kind === 'output of')
    .map(([, , , command = '']) => command)
}

/** The text with all places filled; `outputOf` runs a command, `pageOf` reads a page given from the root. */
export function filled(
  text: string,
  outputOf: (command: string) => string,
  pageOf: (path: string) => string,
): string {
  return text.replace(PLACE, (_place, kind: string, number: string | undefined, what: string) => {
    const block =
      kind === 'output of'
        ? `\`\`\`\n$ ${what}\n${outputOf(what).trimEnd()}\n\`\`\``
        : blockOf(pageOf(what), Number(number))
    return `<!-- ${kind} ${what} -->\n${block}\n<!-- end -->`
  })
}

/** The block of code number `number` of a page, from 1, fences included. */
function blockOf(page: string, number: number): string {
  const block = [...page.matchAll(/^```\w+\n[\s\S]*?^```$/gm)][number - 1]?.[0]
  if (block === undefined) throw new Error(`the page has no block of code number ${number}`)
  return block
}

/** Pages with places, given from the root. */
export const PAGES = ['README.md', 'docs/studies.md']

if (argv[1] === fileURLToPath(import.meta.url)) {
  const root = new URL('..', import.meta.url)
  // npm says what it runs unless it is told not to.
  const outputOf = (command: string): string =>
    execSync(command.replace(/^npm /, 'npm --silent '), {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  const textOf = (path: string): string => readFileSync(new URL(path, root), 'utf8')
  for (const page of argv.length > 2 ? argv.slice(2) : PAGES)
    writeFileSync(new URL(page, root), filled(textOf(page), outputOf, textOf))
}
