/** The project's own files and what they say: for tests that read the sources instead of running them. */
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** What is not the project's own: dependencies, what is built or downloaded, results. */
const NOT_OURS = new Set(['node_modules', 'dist', 'out', '.git', '.cache', '.peers', 'results'])

/** Paths of all files that end in `extension`, from the root, with `/` between folders, in order. */
export function filesOf(extension: string, folder: string = root): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const found = entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : filesOf(extension, path)
    return entry.name.endsWith(extension) ? [relative(root, path).split(sep).join('/')] : []
  })
  return found.toSorted()
}

/** The text of a file, given from the root. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** One module that a file imports or passes on. */
export interface Import {
  readonly from: string
  /** Whether only types are taken, so that nothing of it is there when the program runs. */
  readonly typesOnly: boolean
}

/** Everything that a file imports, in order: `import`, `export ... from`, `import()` of a literal. */
export function importsOf(source: string): Import[] {
  const code = withoutComments(source)
  const declared = /^\s*(?:import|export)\s+(type\s)?([^'"`;()]*?)\s*\bfrom\s*['"]([^'"]+)['"]/gm
  const bare = /^\s*import\s*['"]([^'"]+)['"]/gm
  const dynamic = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g
  return [
    ...[...code.matchAll(declared)].map(([, type, names = '', from = '']) => ({
      from,
      typesOnly: type !== undefined || isTypesOnly(names),
    })),
    ...[...code.matchAll(bare), ...code.matchAll(dynamic)].map(([, from = '']) => ({
      from,
      typesOnly: false,
    })),
  ]
}

/** `{ type A, type B }`: whether every name in the braces is a type, and there is nothing else. */
function isTypesOnly(names: string): boolean {
  const inside = /^\{([^}]*)\}$/.exec(names.trim())?.[1]
  if (inside === undefined) return false
  const parts = inside
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return parts.length > 0 && parts.every((name) => name.startsWith('type '))
}

/**
 * A source without its comments, each replaced by as many spaces and line ends, so that positions stay. Strings,
 * templates and regular expressions are kept: code may be in them.
 */
export function withoutComments(source: string): string {
  const tokens =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|(?<=[(,=:[!&|?{};\n]\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//g
  return source.replace(tokens, (token) =>
    token.startsWith('//') || token.startsWith('/*') ? token.replace(/[^\n]/g, ' ') : token,
  )
}

/** The number of the line on which position `index` is, from 1. */
export function lineAt(source: string, index: number): number {
  return source.slice(0, index).split('\n').length
}
