/**
 * Owns the way to the real data that figures were taken from or checked against. The files are not part of the
 * package: where `../shared/data`, beside the repository, is absent, tests that need them are skipped and say so.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'vitest'

const folder = fileURLToPath(new URL('../../../shared/data/', import.meta.url))

/** One record of a CSV file, by column; every value as written. */
export type Row = Readonly<Record<string, string>>

/** A test that needs files of the data, named by path; without one of them it is skipped, and its title says why. */
export function testWith(files: readonly string[], title: string, check: () => void): void {
  const absent = files.filter((file) => !existsSync(join(folder, file)))
  if (absent.length === 0) test(title, check)
  else test.skip(`${title} (skipped: there is no ../shared/data/${absent.join(', ')})`, check)
}

const read = new Map<string, readonly Row[]>()

/** The records of a CSV file with a header line. */
export function rowsOf(file: string): readonly Row[] {
  const known = read.get(file)
  if (known) return known
  const [header, ...records] = parseCsv(readFileSync(join(folder, file), 'utf8'))
  const rows = records.map((record) => Object.fromEntries(header!.map((name, i) => [name, record[i] ?? ''])))
  read.set(file, rows)
  return rows
}

/** The number in a cell, NaN where it is empty. */
export function numberIn(row: Row, column: string): number {
  const cell = row[column]
  if (cell === undefined) throw new Error(`there is no column ${column}`)
  return cell.trim() === '' ? Number.NaN : Number(cell)
}

/** A date as years since 2025-01-01. */
export function yearsOf(date: string): number {
  return (Date.parse(date) - Date.parse('2025-01-01')) / (365.25 * 24 * 3600 * 1000)
}

/** Records of comma-separated text by RFC 4180: quoted cells may hold commas, line ends and doubled quotes. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    const cell = quoted === undefined ? plain : quoted.replaceAll('""', '"')
    if (end === '' && cell === '' && record.length === 0) break
    record.push(cell)
    if (end === ',') continue
    records.push(record)
    record = []
    if (end === '') break
  }
  return records
}
