/**
 * Fills the marked places of docs/model.md with equations as the engine's list has them
 * (`engine/market/equations.ts`). Run as `npx tsx docs/fill-model.ts`; a test compares.
 *
 *     <!-- equations NAME, NAME -->          equations by name
 *     <!-- equations letters -->             what the letters mean
 *     <!-- end -->
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { assert } from '../engine/errors.ts'
import { equations, letters, type Equation } from '../engine/market/equations.ts'
import { mechanisms } from '../engine/market/mechanisms.ts'

const PLACE = /<!-- equations ([^\n]+) -->\n[\s\S]*?<!-- end -->/g

/** The page with every marked place filled. */
export function filledModel(page: string): string {
  return page.replaceAll(PLACE, (_, given: string) => {
    const found = given === 'letters' ? [] : given.split(', ').map(equationOf)
    const lines = given === 'letters' ? letters : found.flatMap((equation) => equation.lines)
    return `<!-- equations ${given} -->\n${captionOf(found)}\`\`\`\n${lines.join('\n')}\n\`\`\`\n<!-- end -->`
  })
}

function equationOf(name: string): Equation {
  const found = equations.find((equation) => equation.name === name)
  assert(found !== undefined, 'docs/model.md asks for equations that there are', { name })
  return found
}

/** Which mechanism brings equations in, if there is one; all of a place belong to the same. */
function captionOf(found: readonly Equation[]): string {
  const [mechanism, another] = new Set(found.map((equation) => equation.mechanism))
  assert(another === undefined, 'equations of one place belong to one mechanism', { found })
  if (mechanism === undefined) return ''
  const { title, cause } = mechanisms[mechanism]
  return `*With ${title} (${cause}):*\n\n`
}

const page = new URL('model.md', import.meta.url)
if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, filledModel(readFileSync(page, 'utf8')))
