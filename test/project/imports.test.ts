/**
 * The layers of the project as docs/architecture.md draws them: who may import whom, and what code on the path of
 * a simulation must not touch, since its results have to be the same bytes everywhere.
 */
import { posix } from 'node:path'
import { expect, test } from 'vitest'
import { filesOf, importsOf, lineAt, textOf, withoutComments } from './sources.ts'

/** Layers, each with those that it may import beside itself. A path belongs to the longest prefix. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'engine/errors.ts': [],
  'engine/suggest.ts': [],
  'engine/trace/': ['engine/errors.ts'],
  'engine/backends/': ['engine/errors.ts', 'engine/trace/'],
  'engine/numerics/': ['engine/errors.ts', 'engine/trace/'],
  'engine/statistics/': ['engine/errors.ts', 'engine/numerics/'],
  'engine/designs/': ['engine/errors.ts', 'engine/numerics/'],
  'engine/tables/': ['engine/errors.ts'],
  'engine/metrics/': ['engine/errors.ts', 'engine/statistics/', 'engine/tables/'],
  'engine/market/': [
    'engine/errors.ts',
    'engine/suggest.ts',
    'engine/trace/',
    'engine/numerics/',
    'types engine/tables/',
    'types engine/simulation/',
  ],
  'engine/simulation/': [
    'engine/errors.ts',
    'engine/trace/',
    'engine/backends/',
    'engine/numerics/',
    'engine/tables/',
    'engine/market/',
  ],
  'engine/files/': ['engine/errors.ts', 'engine/tables/', 'types engine/market/'],
  'engine/run/': [
    'engine/errors.ts',
    'engine/suggest.ts',
    'engine/trace/',
    'engine/numerics/',
    'engine/statistics/',
    'engine/tables/',
    'engine/market/',
    'engine/simulation/',
    'engine/files/',
    'types engine/backends/',
  ],
  'engine/study/': ['engine/'],
  'agents/business-models/': ['engine/'],
  'agents/strategies/': ['engine/'],
  'agents/learning/': ['engine/', 'agents/', 'scenarios/'],
  'agents/': ['engine/', 'agents/strategies/', 'agents/learning/'],
  'scenarios/': ['engine/', 'agents/business-models/'],
  'scenarios/studies/': ['engine/', 'agents/', 'scenarios/'],
  'report/': ['engine/', 'agents/', 'scenarios/'],
  'studio/': ['engine/', 'agents/', 'scenarios/'],
  'index.ts': ['engine/', 'agents/', 'scenarios/', 'report/'],
  'bin/': ['engine/', 'agents/', 'scenarios/', 'report/', 'studio/', 'index.ts'],
  // Tools around the project; nothing may depend on them.
  'bench/': ['engine/', 'agents/', 'scenarios/', 'index.ts'],
  'examples/': ['engine/', 'agents/', 'scenarios/', 'index.ts'],
  'docs/': ['engine/', 'agents/', 'scenarios/', 'report/', 'index.ts'],
}

/** Packages, by the layers that may use them; a layer that is not here uses none. `node:` stands for all of Node. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'engine/numerics/': ['seedrandom'],
  'engine/statistics/': ['@stdlib/', 'quickselect'],
  'engine/designs/': ['@stdlib/'],
  // Hashing is a function of bytes: no input or output, the same everywhere.
  'engine/tables/': ['apache-arrow', 'arrow-js-ffi', 'parquet-wasm', 'node:crypto'],
  'engine/files/': ['node:', 'apache-arrow'],
  'engine/run/': ['node:', 'apache-arrow', 'piscina'],
  'engine/study/': ['node:', 'apache-arrow', 'piscina', 'bullmq', 'ioredis'],
  'agents/learning/': ['node:', '@tensorflow/', 'webgpu', 'apache-arrow', 'piscina'],
  'scenarios/': ['node:', 'yaml', 'zod'],
  'scenarios/studies/': ['node:', 'yaml'],
  'report/': ['node:', '@observablehq/plot', 'linkedom', 'apache-arrow'],
  'studio/': ['preact', 'apache-arrow', '@observablehq/plot'],
  'bin/': ['node:', 'commander'],
  'bench/': ['node:', 'tinybench'],
  'examples/': ['node:'],
  'docs/': ['node:', 'apache-arrow'],
}

/** Tools that load at a fixed place, and why. */
const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  // Peers run in a process of their own, with packages that are installed beside them and never here.
  'bench/peers/agentscript.mjs': ['agentscript'],
  'bench/peers/flocc.mjs': ['flocc'],
}

function layerOf(path: string): string | undefined {
  return Object.keys(LAYERS)
    .filter((layer) => path === layer || (layer.endsWith('/') && path.startsWith(layer)))
    .toSorted((one, other) => other.length - one.length)[0]
}

const sources = [...filesOf('.ts'), ...filesOf('.mjs')].filter(
  (path) => !path.startsWith('test/') && !/^[^/]+\.config\.ts$/.test(path),
)

test('every source file belongs to a layer', () => {
  expect(sources.filter((path) => layerOf(path) === undefined)).toEqual([])
})

test('imports between layers point one way', () => {
  const wrong = sources.flatMap((path) => {
    const layer = layerOf(path) ?? ''
    const allowed = LAYERS[layer] ?? []
    return importsOf(textOf(path))
      .filter(({ from }) => from.startsWith('.'))
      .map((given) => ({ ...given, target: posix.normalize(posix.join(posix.dirname(path), given.from)) }))
      .filter(({ target, typesOnly }) => {
        const isIn = (prefix: string): boolean =>
          target === prefix || (prefix.endsWith('/') && target.startsWith(prefix))
        if (layerOf(target) === layer) return false
        return !allowed.some((rule) =>
          rule.startsWith('types ') ? typesOnly && isIn(rule.slice(6)) : isIn(rule),
        )
      })
      .map(({ target, typesOnly }) => `${path} imports ${typesOnly ? 'types of ' : ''}${target}`)
  })
  expect(wrong).toEqual([])
})

test('every relative import names a file that exists, with its extension', () => {
  const known = new Set([...filesOf('.ts'), ...filesOf('.mjs'), ...filesOf('.json')])
  const missing = [...sources, ...filesOf('.ts').filter((path) => path.startsWith('test/'))].flatMap((path) =>
    importsOf(textOf(path))
      .filter(({ from }) => from.startsWith('.'))
      .map(({ from }) => posix.normalize(posix.join(posix.dirname(path), from)))
      // Tests of the built program name what tsc writes.
      .filter((target) => !known.has(target) && !target.startsWith('dist/'))
      .map((target) => `${path} imports ${target}`),
  )
  expect(missing).toEqual([])
})

test('each layer uses its own packages only, and below the studies nothing of Node but hashing', () => {
  const wrong = sources.flatMap((path) => {
    const layer = layerOf(path) ?? ''
    const allowed = [...(PACKAGES[layer] ?? []), ...(EXCEPTIONS[path] ?? [])]
    return importsOf(textOf(path))
      .filter(({ from }) => !from.startsWith('.'))
      .filter(
        ({ from }) => !allowed.some((name) => from === name || (/[:/]$/.test(name) && from.startsWith(name))),
      )
      .map(({ from }) => `${path} imports ${from}`)
  })
  expect(wrong).toEqual([])
})

// ------------------------------------------------------------------------------------- the path of a simulation

/** What may decide a byte of a result. Studies read files and use threads; learning trains, and its result is a file. */
const isSimulated = (path: string): boolean =>
  (path.startsWith('engine/') && !/^engine\/(files|run|study)\//.test(path)) ||
  path.startsWith('agents/strategies/') ||
  path.startsWith('agents/business-models/')

/** Functions of Math that IEEE 754 or the language defines to the last bit. All others may differ between machines. */
const EXACT = new Set([
  'abs',
  'ceil',
  'clz32',
  'floor',
  'fround',
  'imul',
  'max',
  'min',
  'round',
  'sign',
  'sqrt',
  'trunc',
  'PI',
])

/** Uses that are allowed although the rule forbids them, by path and text, with the reason. */
const ALLOWED_USES: Readonly<Record<string, readonly string[]>> = {
  // What a market grows to is compared with a bound before anything is simulated; no result depends on its last bits.
  'engine/market/check.ts': [
    'segment.usageGrowth ** years)',
    'plan.allowanceGrowth ** years)',
    'segment.growth) ** (months',
  ],
}

interface Rule {
  readonly name: string
  readonly pattern: RegExp
  readonly isFine?: (match: RegExpExecArray) => boolean
}

const NUMBER = String.raw`[-+]?(?:\d[\d_]*\.?\d*(?:e[-+]?\d+)?|0x[\da-f_]+)`

const RULES: readonly Rule[] = [
  {
    name: 'a function of Math that is not exact',
    pattern: /\bMath\.(\w+)/g,
    isFine: ([, name = '']) => EXACT.has(name),
  },
  { name: 'Math as a whole', pattern: /\bMath\b(?!\.)/g },
  {
    name: 'a power of what is not a literal',
    pattern: /(\S+)\s*\*\*=?\s*(\(?\S+)/g,
    isFine: ([text]) =>
      new RegExp(String.raw`(^|[^\w.])${NUMBER}\s*\*\*\s*${NUMBER}($|[^\w.(])`, 'i').test(text),
  },
  { name: 'the clock', pattern: /\bnew Date\b|\bDate\s*[.(]|\bperformance\b|\bhrtime\b|\bTemporal\b/g },
  {
    name: 'a timer',
    pattern: /\bset(?:Timeout|Interval|Immediate)\b|\brequestAnimationFrame\b|\bqueueMicrotask\b/g,
  },
  { name: 'randomness of the machine', pattern: /\brandomUUID\b|\brandomBytes\b|\bgetRandomValues\b/g },
  {
    name: 'input or output',
    pattern: /\bprocess\s*\.|\bconsole\s*\.|\bfetch\s*\(|\brequire\s*\(|\blocalStorage\b/g,
  },
  { name: 'the language of the user', pattern: /\btoLocale\w+|\blocaleCompare\b|\bIntl\b/g },
]

/** Every breach of a rule in a source, as `line: text`. */
function breaches(source: string, { pattern, isFine = () => false }: Rule): string[] {
  const code = withoutComments(source)
  return [...code.matchAll(pattern)]
    .filter((match) => !isFine(match))
    .map((match) => `${lineAt(code, match.index)}: ${match[0]}`)
}

test.for(RULES.map((rule) => [rule.name, rule] as const))(
  'no code on the path of a simulation uses %s',
  ([, rule]) => {
    const simulated = sources.filter(isSimulated)
    expect(simulated.length).toBeGreaterThan(50)
    const wrong = simulated.flatMap((path) =>
      breaches(textOf(path), rule)
        .filter((use) => !(ALLOWED_USES[path] ?? []).includes(use.replace(/^\d+: /, '')))
        .map((use) => `${path}:${use}`),
    )
    expect(wrong).toEqual([])
  },
)

test('the rules find what they forbid, and only in code', () => {
  const found = (source: string): string[] =>
    RULES.filter((rule) => breaches(source, rule).length > 0).map(({ name }) => name)
  expect(found('const y = Math.exp(x)')).toEqual(['a function of Math that is not exact'])
  expect(found('const { exp } = Math')).toEqual(['Math as a whole'])
  expect(found('const y = x ** 2')).toEqual(['a power of what is not a literal'])
  expect(found('const y = 2 ** x')).toEqual(['a power of what is not a literal'])
  expect(found('const y = f(2) ** 3')).toEqual(['a power of what is not a literal'])
  expect(found('const t = Date.now() + performance.now()')).toEqual(['the clock'])
  expect(found("console.log('x')")).toEqual(['input or output'])
  expect(found('const source = `Math.pow(${x}, 2)`')).toEqual(['a function of Math that is not exact'])
  expect(found('const big = 2 ** 31 - 1, small = 2 ** -80, half = Math.sqrt(Math.abs(-4))')).toEqual([])
  expect(found('// Math.exp is not used\n/* nor Date.now() */\nconst path = /[/*]/ // x ** y')).toEqual([])
})

test('imports are read whatever their form', () => {
  const source = [
    "import { a, type B } from './one.ts'",
    "import type { C } from './two.ts'",
    "import {\n  type D,\n  type E,\n} from './three.ts'",
    "export * from './four.ts'",
    "import './five.ts'",
    "const late = await import('six')",
    "// import { f } from './seven.ts'",
    'import seedrandom from "eight"',
  ].join('\n')
  expect(importsOf(source)).toEqual([
    { from: './one.ts', typesOnly: false },
    { from: './two.ts', typesOnly: true },
    { from: './three.ts', typesOnly: true },
    { from: './four.ts', typesOnly: false },
    { from: 'eight', typesOnly: false },
    { from: './five.ts', typesOnly: false },
    { from: 'six', typesOnly: false },
  ])
})
