/** Documentation in the sources: every file says what it owns and every export says what it is. */
import { expect, test } from 'vitest'
import { filesOf, textOf } from './sources.ts'

const DECLARATION =
  /^export (?:default )?(?:declare )?(?:abstract )?(?:async )?(function\*?|class|interface|type|const|let) (?:\{|(\w+))/

/** The exports of a source that have no doc comment just above them, as `line: name`. Overloads share the first's. */
export function undocumented(source: string): string[] {
  const lines = source.split('\n')
  const seen = new Set<string>()
  return lines.flatMap((line, index) => {
    const [, kind, name] = DECLARATION.exec(line) ?? []
    if (kind === undefined || name === undefined) return []
    const isOverload = kind === 'function' && seen.has(name)
    seen.add(name)
    let above = index - 1
    // Directives of tools may stand between.
    while (/^\s*\/\/ (?:oxfmt|oxlint|@ts)-/.test(lines[above] ?? '')) above--
    // A dimension says what it is in its second argument, which results show.
    const isDimension = line.includes(' = dimension(')
    const isDocumented = isDimension || (/\*\/\s*$/.test(lines[above] ?? '') && isDocComment(lines, above))
    return isDocumented || isOverload ? [] : [`${index + 1}: ${name}`]
  })
}

/** Whether the comment that ends on a line begins with two stars. */
function isDocComment(lines: readonly string[], end: number): boolean {
  for (let at = end; at >= 0; at--) {
    if (/^\s*\/\*\*/.test(lines[at] ?? '')) return true
    if (/^\s*\/\*/.test(lines[at] ?? '')) return false
  }
  return false
}

const sources = [...filesOf('.ts'), ...filesOf('.mjs')].filter((path) => !/^[^/]+\.config\.ts$/.test(path))
const isTest = (path: string): boolean => path.startsWith('test/')

test('every export has a doc comment', () => {
  const wrong = sources
    .filter((path) => !isTest(path))
    .flatMap((path) => undocumented(textOf(path)).map((at) => `${path}:${at}`))
  expect(wrong).toEqual([])
})

test('every file opens by saying what it owns', () => {
  // The name of a test file says which file it tests.
  const silent = sources
    .filter((path) => !path.endsWith('.test.ts'))
    .filter((path) => !/^(?:#!.*\n)?(?:\/\*\*|\/\/ )/.test(textOf(path)))
  expect(silent).toEqual([])
})

test('the scan sees what has no doc comment', () => {
  expect(undocumented('export const a = 1')).toEqual(['1: a'])
  expect(undocumented('/** One. */\nexport const a = 1\nexport type B = 2')).toEqual(['3: B'])
  expect(undocumented('// one\nexport function a() {}')).toEqual(['2: a'])
  expect(undocumented('/* one */\nexport function a() {}')).toEqual(['2: a'])
  expect(
    undocumented('/**\n * One,\n * at length.\n */\n// oxfmt-ignore\nexport async function a() {}'),
  ).toEqual([])
  expect(undocumented('/** One. */\nexport function a(x: 1): 1\nexport function a(x: 2): 2')).toEqual([])
})
