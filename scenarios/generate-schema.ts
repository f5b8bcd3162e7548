/**
 * Writes `scenario.schema.json` and `study.schema.json` beside itself; run it after changing a schema or a declaration
 * table.
 */
import { writeFileSync } from 'node:fs'
import { scenarioJsonSchema } from './schema.ts'
import { studyJsonSchema } from './study/schema.ts'

writeFileSync(new URL('scenario.schema.json', import.meta.url), scenarioJsonSchema())
writeFileSync(new URL('study.schema.json', import.meta.url), studyJsonSchema())
