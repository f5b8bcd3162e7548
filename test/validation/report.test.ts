/** Owns docs/validation.md: its figures are those that the report prints. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sections } from './report.ts'

const page = readFileSync(new URL('../../docs/validation.md', import.meta.url), 'utf8')
const COMMAND = '$ npx tsx test/validation/report.ts '
const blocks = new Map(
  [...page.matchAll(/^```\n([\s\S]*?)\n```$/gm)]
    .map(([, block = '']) => block.split('\n'))
    .filter(([command]) => command!.startsWith(COMMAND))
    .map(([command, ...lines]) => [command!.slice(COMMAND.length), lines]),
)

/** Figures of a text, and what stands between them. */
const NUMBER = /-?\d+(?:\.\d+)?/g
const figuresOf = (text: string): number[] => (text.match(NUMBER) ?? []).map(Number)
const wordsOf = (text: string): string => text.replace(NUMBER, '#').replace(/ +/g, ' ')

test('docs/validation.md shows every section of the report', () => {
  expect([...blocks.keys()].toSorted()).toEqual(Object.keys(sections).toSorted())
})

test.each(Object.entries(sections))(
  'docs/validation.md has the figures of the section %s',
  (name, section) => {
    const shown = blocks.get(name)!.join('\n')
    const printed = section.lines().join('\n')
    const hint = `write them anew with: npx tsx test/validation/report.ts ${name}`
    if (section.tolerance === 0) {
      expect(shown, hint).toBe(printed)
      return
    }
    // Figures of many replications move a little whenever a draw of the engine is made in another way.
    expect(wordsOf(shown), hint).toBe(wordsOf(printed))
    const figures = figuresOf(printed)
    figuresOf(shown).forEach((figure, i) => {
      const slack =
        section.isRelative === true ? section.tolerance * Math.abs(figures[i]!) : section.tolerance
      expect(Math.abs(figure - figures[i]!), hint).toBeLessThanOrEqual(slack)
    })
  },
)
