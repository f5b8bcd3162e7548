/** The package as its users have it: packed, unpacked elsewhere, and imported by name. */
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listScenarios } from '../../index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Within the repository, so that dependencies are found there and nothing has to be installed. */
let folder: string
let project: string

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(command: string, args: readonly string[], cwd: string): Ended {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  return { status, stdout, stderr }
}

/** What a clone has, without its tests and documents. */
const SOURCES = ['agents', 'bin', 'engine', 'scenarios', 'index.ts', 'README.md', 'LICENSE']
const SETTINGS = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']

/** A copy of the sources beside installed dependencies, built as users build it. */
function builtCopy(source: string): void {
  mkdirSync(join(source, 'node_modules'), { recursive: true })
  for (const path of [...SOURCES, ...SETTINGS])
    cpSync(join(root, path), join(source, path), { recursive: true })
  for (const name of readdirSync(join(root, 'node_modules')).filter((entry) => !entry.startsWith('.')))
    symlinkSync(join(root, 'node_modules', name), join(source, 'node_modules', name))
  // What npm leaves when it has installed everything.
  writeFileSync(join(source, 'node_modules/.package-lock.json'), '{}')
  expect(run(process.execPath, ['bin/prepare.mjs'], source)).toEqual({
    status: 0,
    stdout: '',
    stderr: 'rivalry: building\n',
  })
}

/** Compiles the project's files, with the strictness of a careful user. */
function compile(...files: string[]): void {
  const options = {
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
    rewriteRelativeImportExtensions: true,
    verbatimModuleSyntax: true,
  }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files }))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  expect(run(process.execPath, [tsc, '-p', '.'], project)).toMatchObject({ status: 0, stdout: '' })
}

beforeAll(() => {
  mkdirSync(join(root, '.cache'), { recursive: true })
  folder = mkdtempSync(join(root, '.cache/package-'))
  const source = join(folder, 'source')
  builtCopy(source)
  const packed = run(
    'npm',
    ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder],
    source,
  )
  expect(packed.status).toBe(0)
  project = join(folder, 'project')
  const unpacked = join(project, 'node_modules/rivalry')
  mkdirSync(unpacked, { recursive: true })
  const archive = join(folder, packed.stdout.trim().split('\n').at(-1)!)
  expect(run('tar', ['-xzf', archive, '--strip-components=1', '-C', unpacked], folder).status).toBe(0)
  writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }')
}, 60_000)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the packed package', () => {
  const page = readFileSync(join(root, 'docs/strategies.md'), 'utf8')
  const blocks = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, text]) => text!)

  test('holds scenarios and the program, which can be executed, and no source', () => {
    const unpacked = join(project, 'node_modules/rivalry')
    expect(statSync(join(unpacked, 'dist/bin/rivalry.js')).mode & 0o111).toBe(0o111)
    expect(existsSync(join(unpacked, 'engine'))).toBe(false)
    const listed = run(join(unpacked, 'dist/bin/rivalry.js'), ['scenarios'], project)
    expect(listed).toMatchObject({ status: 0, stderr: '' })
    // Those in folders too.
    for (const { name } of listScenarios()) expect(listed.stdout).toMatch(new RegExp(`^${name} +\\S`, 'm'))
  })

  test('runs the strategy and the program of docs/strategies.md, which TypeScript accepts', () => {
    const [strategy = '', imports = '', program = ''] = blocks
    const lines = strategy.split('\n')
    expect(lines.slice(0, 2).every((line) => line.startsWith('import '))).toBe(true)
    writeFileSync(join(project, 'winter-thrift.ts'), [imports, ...lines.slice(2)].join('\n'))
    const short = program.replace("winter-thrift']", "winter-thrift', 'months=14']")
    expect(short).not.toBe(program)
    writeFileSync(
      join(project, 'program.ts'),
      short.replace('[winterThrift] }', '[winterThrift], replications: 12 }'),
    )
    compile('program.ts')
    const { status, stdout, stderr } = run(process.execPath, ['program.js'], project)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^Three ways to charge: 14 months, 12 replications, seed 1\n/)
  })

  test('runs a market of its own, written in the language', () => {
    const example = readFileSync(join(root, 'examples/advertising-duopoly.ts'), 'utf8')
    const imported = [...example.matchAll(/^import \{([^}]*)\} from '\.\.\/engine[^']*'$/gm)]
    expect(imported.length).toBeGreaterThan(3)
    const names = imported.flatMap(([, inside = '']) => inside.split(',').map((name) => name.trim()))
    const types = names.filter((name) => name.startsWith('type '))
    const values = names.filter((name) => name !== '' && !types.includes(name))
    const body = example.replaceAll(/^import \{[^}]*\} from '\.\.\/engine[^']*'\n/gm, '')
    const source = `import { ${[...values, ...types].join(', ')} } from 'rivalry'\n${body}`
    writeFileSync(join(project, 'duopoly.ts'), source)
    compile('duopoly.ts')
    const { status, stdout, stderr } = run(process.execPath, ['duopoly.js'], project)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(
      /^advertising 100 a month: profit -?\d+ .*\nadvertising 900 a month: profit -?\d+ /,
    )
  })

  test('runs the complete program of docs/language.md', () => {
    const language = readFileSync(join(root, 'docs/language.md'), 'utf8')
    const [, imports = ''] = /^`(import \{.*\} from 'rivalry')`\.$/m.exec(language) ?? []
    const [, body = ''] = /^```ts\n([\s\S]*?)^```/m.exec(language) ?? []
    writeFileSync(
      join(project, 'street.ts'),
      `${imports}\n${body}\nconsole.log(cash.length, cash.every(Number.isFinite))\n`,
    )
    compile('street.ts')
    expect(run(process.execPath, ['street.js'], project)).toEqual({
      status: 0,
      stdout: '36000 true\n',
      stderr: '',
    })
  })
})
