/** Owns the check of how benchmarks print. */

import { describe, expect, it } from 'vitest'

import type { Comparison, ComparisonEntry } from '../../bench/measure.ts'
import { comparisonTable, formatTable, machineLine, skippedLines } from '../../bench/table.ts'

function entry(name: string, rate: number, ratioToBaseline: number): ComparisonEntry {
  return {
    name,
    rounds: [{ agentSteps: rate, wallSeconds: 1, cpuSeconds: 1 }],
    medianPerCpuSecond: rate,
    lowestPerCpuSecond: rate / 2,
    highestPerCpuSecond: rate * 2,
    medianPerWallSecond: rate,
    ratioToBaseline,
  }
}

const comparison = (label: string, entries: ComparisonEntry[]): Comparison => ({
  label,
  baseline: 'C++',
  options: {},
  entries,
})

describe('a table', () => {
  it('aligns text left and numbers right and leaves no blanks at the end of a line', () => {
    const table = formatTable(
      [
        { header: 'name', align: 'left' },
        { header: 'rate', align: 'right' },
        { header: 'note', align: 'left' },
      ],
      [
        ['a', '1.5', ''],
        ['longer', '12345.5', 'x'],
      ],
    )
    expect(table.split('\n')).toEqual([
      'name       rate  note',
      '------  -------  ----',
      'a           1.5',
      'longer  12345.5  x',
    ])
  })

  it('refuses a row with a cell missing', () => {
    expect(() => formatTable([{ header: 'name', align: 'left' }], [[]])).toThrow(/one cell for each column/)
  })
})

describe('a table of comparisons', () => {
  const table = comparisonTable([
    comparison('not recorded', [entry('flocc', 0.2e6, 0.01), entry('C++', 20e6, 1)]),
    comparison('recorded', [entry('C++', 9e6, 1), entry('only recorded', 1e6, 0.11)]),
  ])
  const lines = table.split('\n')

  it('puts the fastest of the first comparison first and those that are missing in it last', () => {
    expect(lines.slice(4).map((line) => line.slice(0, 13).trimEnd())).toEqual([
      'C++',
      'flocc',
      'only recorded',
    ])
  })

  it('shows median, range and ratio, and dashes for what was not measured', () => {
    expect(lines[4]!.split(/ {2,}/)).toEqual([
      'C++',
      '20.0',
      '10.0..40.0',
      '1.00',
      '9.00',
      '4.50..18.0',
      '1.00',
    ])
    expect(lines[5]!.split(/ {2,}/)).toEqual(['flocc', '0.200', '0.100..0.400', '0.0100', '-', '-', '-'])
  })

  it('says what the numbers are', () => {
    expect(lines[0]).toBe('millions of agent-steps per CPU-second, medians of 1 interleaved rounds')
  })
})

it('the machine is described in one line, absent tools included', () => {
  const line = machineLine({
    cpuModel: 'Some CPU',
    coreCount: 2,
    memoryGibibytes: 8,
    platform: 'linux x64',
    node: '20.20.2',
    v8: '11.3',
    tools: { 'g++': '12.2.0', numpy: null },
  })
  expect(line).toBe('Some CPU, 2 cores, 8 GiB, linux x64; node 20.20.2; g++ 12.2.0; numpy absent')
})

it('contenders that could not run are named with the reason', () => {
  expect(skippedLines([{ name: 'flocc', reason: 'not installed' }])).toBe('skipped flocc: not installed')
})
