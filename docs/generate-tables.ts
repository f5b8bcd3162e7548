/**
 * Writes docs/tables.md, the columns of all result tables, from the declarations that the kernel and the files use. Run
 * as `npx tsx docs/generate-tables.ts`; a test compares the page with what this gives.
 */
import { writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { resultTables } from '../engine/simulation/batch.ts'
import type { ColumnDeclaration, TableDeclaration } from '../engine/tables/declaration.ts'
import { loadScenario } from '../scenarios/index.ts'

const TYPES = { f64: '64-bit float', i32: '32-bit integer', u8: 'byte', text: 'dictionary of texts' } as const

function row({ name, type, unit, meaning, nullable = false }: ColumnDeclaration): string {
  return `| \`${name}\` | ${TYPES[type]}${nullable ? ', may be null' : ''} | ${unit} | ${meaning} |`
}

function section({ name, meaning, columns }: TableDeclaration): string {
  const head = '| column | type | unit | meaning |\n|---|---|---|---|'
  return `## ${name}\n\n${meaning[0]?.toUpperCase()}${meaning.slice(1)}.\n\n${head}\n${columns.map(row).join('\n')}`
}

/** The text of docs/tables.md. */
export function tablesPage(): string {
  const market = { ...loadScenario('three-ways'), currency: 'currency' }
  const always = resultTables(market, 'summary').map(({ name }) => name)
  const tables = resultTables(market, 'months')
  const usual = new Set(
    tables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`)),
  )
  const rare = resultTables({ ...loadScenario('shocks'), currency: 'currency' }, 'months').flatMap(
    ({ name, columns }) =>
      columns
        .filter((column) => !usual.has(`${name}.${column.name}`))
        .map((column) => ({ ...column, name: `${name}.${column.name}` })),
  )
  const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')
  const monthly = tables.map(({ name }) => name).filter((name) => !always.includes(name))
  return `<!-- Written by docs/generate-tables.ts from engine/market/tables.ts: change that. -->

# Result tables

A run leaves ${list(always)}; when months are recorded, also
${list(monthly)}. Each is one file: Arrow IPC, or Parquet or CSV on request. Units and
meanings stand in the metadata of the Arrow fields, so readers need no manual:

\`\`\`python
import polars
startups = polars.read_ipc("out/large-model-market/startups.arrow", memory_map=False)
startups.group_by("startup").agg(polars.col("alive").mean(), polars.col("profit").median())
\`\`\`

Rows are in order of replication, then month, then record. Where a cell may be null it is null exactly when the meaning
has no answer: a startup that lives has no month of exit. \`currency\` stands for the scenario's own.

${tables.map(section).join('\n\n')}

## Columns of some scenarios

Tables have these only where startups may enter later, where regulation or handling data costs something, and where there are
shocks; events are then also of the kinds \`entry\` and \`shock\`.

| column | type | unit | meaning |
|---|---|---|---|
${rare.map(row).join('\n')}
`
}

if (argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(new URL('tables.md', import.meta.url), tablesPage())
