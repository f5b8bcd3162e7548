/** Writes `scenario.schema.json` beside itself; run it after changing the schema or a declaration table. */
import { writeFileSync } from 'node:fs'
import { scenarioJsonSchema } from './schema.ts'

writeFileSync(new URL('scenario.schema.json', import.meta.url), scenarioJsonSchema())
