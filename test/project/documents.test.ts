/** Documents: what they point at exists, and what is generated is current. */
import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { expect, test } from 'vitest'
import { metricsPage } from '../../docs/generate-metrics.ts'
import { parametersPage } from '../../docs/generate-parameters.ts'
import { tablesPage } from '../../docs/generate-tables.ts'
import { filesOf, root, textOf } from './sources.ts'

const documents = filesOf('.md')
const exists = (path: string): boolean => existsSync(join(root, path))

/** A document without its blocks of code, whose lines stay. */
function prose(path: string): string {
  return textOf(path).replace(/^(`{3,})[\s\S]*?^\1/gm, (block) => block.replace(/[^\n]/g, ''))
}

/** The anchors that a page has for its headings, as the usual hosts make them. */
function anchorsOf(path: string): Set<string> {
  const headings = [...prose(path).matchAll(/^#{1,6}\s+(.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  )
  return new Set(headings)
}

test('every relative link of a document leads to a file, and to a heading that is there', () => {
  const wrong = documents.flatMap((path) =>
    [...prose(path).matchAll(/!?\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)|<img[^>]*\ssrc="([^"]+)"/g)]
      .map(([, link, image]) => link ?? image ?? '')
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [file = '', anchor] = link.split('#')
        const target = file === '' ? path : posix.normalize(posix.join(posix.dirname(path), decodeURI(file)))
        if (!exists(target)) return true
        return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).has(anchor)
      })
      .map((link) => `${path}: ${link}`),
  )
  expect(wrong).toEqual([])
})

/** What looks like a path of the project in `code`: folders and a file with a known ending, or folders with a slash. */
const PATH = /^(?:\.\/)?(?:[\w.-]+\/)+(?:[\w.-]+\.(?:ts|mjs|js|md|ya?ml|json|jsonc|svg|png|sh|csv|arrow))?$/

/** Folders that a run or a build makes, and the places of other things. */
const MADE = /^(?:\.\/)?(?:out|dist|node_modules|\.cache|results|runs)\//

test('documents mention no file that is not there', () => {
  const wrong = documents.flatMap((path) =>
    [...prose(path).matchAll(/`([^`\n]+)`/g)]
      .map(([, code = '']) => code)
      .filter((code) => PATH.test(code) && !MADE.test(code))
      // From the root, or from the document's own folder.
      .filter((code) => !exists(code) && !exists(posix.join(posix.dirname(path), code)))
      .map((code) => `${path}: ${code}`),
  )
  expect(wrong).toEqual([])
})

test('documents name only commands of npm that package.json has', () => {
  const { scripts = {} } = JSON.parse(textOf('package.json')) as { scripts?: Record<string, string> }
  const wrong = documents.flatMap((path) =>
    [...textOf(path).matchAll(/\bnpm (?:run ([\w:-]+)|(test|start)\b)/g)]
      .map(([, run, short]) => run ?? short ?? '')
      .filter((name) => scripts[name] === undefined)
      .map((name) => `${path}: npm run ${name}`),
  )
  expect(wrong).toEqual([])
})

test('docs/parameters.md is what the tables of the engine say', () => {
  expect(textOf('docs/parameters.md'), 'write it anew with: npx tsx docs/generate-parameters.ts').toBe(
    parametersPage(),
  )
})

test('docs/tables.md is what the declarations of the tables say', () => {
  expect(textOf('docs/tables.md'), 'write it anew with: npx tsx docs/generate-tables.ts').toBe(tablesPage())
})

test('docs/metrics.md is what the declarations of the metrics say', () => {
  expect(textOf('docs/metrics.md'), 'write it anew with: npx tsx docs/generate-metrics.ts').toBe(
    metricsPage(),
  )
})

test('sources refer to pages that are there', () => {
  const wrong = [...filesOf('.ts'), ...filesOf('.mjs'), ...filesOf('.yaml')].flatMap((path) =>
    [...textOf(path).matchAll(/\bdocs\/[\w-]+\.md\b|\b[A-Z]{4,}\.md\b/g)]
      .map(([page]) => page)
      .filter((page) => !exists(page))
      .map((page) => `${path}: ${page}`),
  )
  expect(wrong).toEqual([])
})
