/** What the project depends on: exact versions, licences that let anyone use it, a lock file that names no host. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root, textOf } from './sources.ts'

interface Manifest {
  readonly engines: { readonly node: string }
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface Locked {
  readonly version?: string
  readonly license?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly resolved?: string
}

const manifest = JSON.parse(textOf('package.json')) as Manifest
const lock = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, Locked> }

/**
 * Licences without conditions on what is built with them, beyond keeping a notice. BSL-1.0, of Boost, covers the functions
 * that @stdlib's packages (Apache-2.0) took over from there.
 */
const FREE = new Set(['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'ISC', 'BSL-1.0'])

/**
 * Packages under other licences, with the reason. lightningcss (MPL-2.0) comes with vite, which comes with vitest: it
 * runs in tests only, unchanged, and is no part of what is built.
 */
const EXCEPTIONS: Readonly<Record<string, RegExp>> = { 'MPL-2.0': /^node_modules\/lightningcss(?:-[\w-]+)?$/ }

/** The licence that an installed package states, or that the lock file states where it is not installed. */
function licenceOf(path: string): string {
  const file = join(root, path, 'package.json')
  if (!existsSync(file)) return lock.packages[path]?.license ?? 'none'
  const { license } = JSON.parse(readFileSync(file, 'utf8')) as { license?: string | { type: string } }
  return typeof license === 'object' ? license.type : (license ?? 'none')
}

/** Whether an SPDX expression (names, AND, OR, parentheses) allows free use: one of OR, all of AND. */
function isFree(expression: string): boolean {
  const choices = expression.replace(/[()]/g, '').split(/\s+OR\s+/)
  return choices.some((choice) => choice.split(/\s+AND\s+/).every((name) => FREE.has(name.trim())))
}

const installed = Object.entries(lock.packages).filter(([path]) => path !== '')

test('direct dependencies are under the MIT, Apache, BSD or ISC licence', () => {
  const names = Object.keys({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  })
  expect(names.length).toBeGreaterThan(10)
  const wrong = names
    .map((name) => [name, licenceOf(`node_modules/${name}`)] as const)
    .filter(([, licence]) => !isFree(licence))
  expect(wrong).toEqual([])
})

test('so is everything that comes with them, and what is not is used in tests only', () => {
  const wrong = installed
    .map(([path, { dev = false }]) => ({ path, dev, licence: licenceOf(path) }))
    .filter(
      ({ path, dev, licence }) => !isFree(licence) && !(dev && EXCEPTIONS[licence]?.test(path) === true),
    )
  expect(wrong).toEqual([])
})

test('an expression is free where a choice is', () => {
  expect(['MIT', 'MIT OR GPL-3.0', '(BSD-3-Clause AND Apache-2.0)'].every(isFree)).toBe(true)
  expect(['GPL-3.0', 'MIT AND GPL-3.0', 'none', 'UNLICENSED'].some(isFree)).toBe(false)
})

test('the lock file names no registry', () => {
  expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([])
  // What remains are pages on which to thank an author.
  const addresses = [...textOf('package-lock.json').matchAll(/https?:\/\/[^"\s]+/g)].map(
    ([address]) => address,
  )
  expect(addresses.filter((address) => /registry|\.tgz|\/-\//.test(address))).toEqual([])
})

test('versions are exact, and those of the lock file', () => {
  const all = Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  })
  expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([])
  const other = all.filter(([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version)
  expect(other).toEqual([])
})

test('the oldest Node that is promised is one that has all that is used', () => {
  // 20.19 is the first of 20 that resolves import.meta and loads modules as the tools expect.
  expect(manifest.engines.node).toBe('>=20.19')
})
