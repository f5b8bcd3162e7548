#!/usr/bin/env node
/** The executable. */
import { main } from './program.ts'

await main(process.argv.slice(2))
