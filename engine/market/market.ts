/**
 * The market as a program: the steps of the month in order, what is recorded, and a scenario's numbers. The same
 * shape gives the same program, so programs are kept.
 */
import { RivalryError } from '../errors.ts'
import { suggest } from '../suggest.ts'
import type { PointValues, Structure } from '../simulation/instance.ts'
import { recordRow, traceProgram, type Column, type ModelDeclaration, type Program } from '../trace/index.ts'
import type { TableDeclaration } from '../tables/declaration.ts'
import { actedOn, shapeWith } from './actions.ts'
import { books } from './books.ts'
import { capital, exits } from './capital.ts'
import { choice } from './choice.ts'
import { enrolment } from './enrolment.ts'
import {
  beforeDecisions,
  decisions,
  faultsRecord,
  followersOf,
  noFaults,
  recordFaults,
  strategic,
  type TracedStrategy,
} from './decisions.ts'
import type { MarketDefinition } from './definition.ts'
import { draws } from './draws.ts'
import { events } from './events.ts'
import { learning } from './learning.ts'
import { count, measure, notice } from './measure.ts'
import { dimensions, relations } from './model.ts'
import { exchangeTables, observe, outsideStrategy } from './observation.ts'
import { indexMarket, pointValuesOf, structureOf } from './populate.ts'
import { service } from './service.ts'
import { DEFAULT_STRATEGY, shapeOf, type Shape } from './shape.ts'
import { start } from './start.ts'
import { eventsDeclaration, marketTables, noticesRecord, type MarketTable, type Recording } from './tables.ts'
import { terms } from './terms.ts'

/** How a market is compiled. */
export interface CompileOptions {
  readonly recording: Recording
  /** The decision rules that scenarios may name, beside the default one. */
  readonly strategies?: readonly TracedStrategy[]
  /** Names of decision rules that run outside the kernel, in plain TypeScript. */
  readonly outside?: readonly string[]
  /** Parameters that differ by replication. */
  readonly laneParameters?: readonly Column[]
  /** Columns that stay in memory although nothing recorded needs them. */
  readonly keep?: readonly Column[]
  /** Overrides which mechanisms are compiled in; the default is those that the scenario uses. */
  readonly shape?: Shape
}

/** A market ready to be bound to memory. */
export interface CompiledMarket {
  readonly market: MarketDefinition
  readonly shape: Shape
  readonly program: Program
  readonly structure: Structure
  readonly values: PointValues
  /** Tables recorded by the kernel. */
  readonly tables: readonly MarketTable[]
  /** The table of events, made from the kernel's notices. */
  readonly events: TableDeclaration
}

/**
 * Compiles a market for simulation.
 *
 * @throws RivalryError (code `unknown-strategy`) when a startup names a decision rule that is not given.
 */
export function compileMarket(
  market: MarketDefinition,
  {
    recording,
    strategies: inside = [],
    outside = [],
    laneParameters = [],
    keep = [],
    shape: given = shapeOf(market),
  }: CompileOptions,
): CompiledMarket {
  const strategies = [...inside, ...outside.map(outsideStrategy)]
  const used = given.strategies
    .filter((name) => name !== DEFAULT_STRATEGY)
    .map((name) => {
      const found = strategies.find((strategy) => strategy.name === name)
      if (found) return found
      const known = [DEFAULT_STRATEGY, ...strategies.map((strategy) => strategy.name)]
      const meant = suggest(name, known)
      throw new RivalryError(`there is no strategy called ${name}`, {
        code: 'unknown-strategy',
        path: `startups.${market.startups.find(({ strategy }) => strategy.name === name)?.id}.strategy`,
        hint: `${meant === undefined ? '' : `did you mean '${meant}'? `}known strategies: ${known.join(', ')}`,
      })
    })
  checkSettings(market, used)
  const shape = shapeWith(given, actedOn(used))
  const tables = marketTables(market, shape, recording)
  const key = JSON.stringify([
    shape,
    recording,
    outside,
    used.map(({ name }) => name),
    [...laneParameters, ...keep].map(({ dimension, name }) => `${dimension.name}.${name}`),
    laneParameters.length,
  ])
  const known = programs.get(key)
  const isKnown = known !== undefined && known.strategies.every((strategy, i) => strategy === used[i])
  const program = isKnown
    ? known.program
    : traceProgram(marketModel(shape, used, tables, outside.length > 0), { laneParameters, keep })
  if (!isKnown) programs.set(key, { program, strategies: used })
  const index = indexMarket(market)
  return {
    market,
    shape,
    program,
    structure: structureOf(market, index),
    values: pointValuesOf(market, index, used),
    tables,
    events: eventsDeclaration(market, shape),
  }
}

/** Traced programs by what they depend on: the shape, what is recorded and the strategies, and nothing else. */
const programs = new Map<string, { program: Program; strategies: readonly TracedStrategy[] }>()

/** @throws RivalryError when a startup gives its strategy a setting that it does not have, or out of bounds. */
function checkSettings(market: MarketDefinition, strategies: readonly TracedStrategy[]): void {
  for (const { id, strategy } of market.startups) {
    const declared = strategies.find(({ name }) => name === strategy.name)?.settings ?? {}
    for (const [name, value] of Object.entries(strategy.settings)) {
      const path = `startups.${id}.strategy.settings.${name}`
      const setting = declared[name]
      if (!setting) {
        const known = Object.keys(declared).join(', ') || 'none'
        throw new RivalryError(`strategy ${strategy.name} has no setting called ${name}`, {
          code: 'unknown-setting',
          path,
          hint: `its settings: ${known}`,
        })
      }
      if (value >= setting.low && value <= setting.high) continue
      throw new RivalryError(`${name} is ${value}`, {
        code: 'out-of-range',
        path,
        hint: `it must be between ${setting.low} and ${setting.high}`,
      })
    }
  }
}

/** The market's steps and tables. */
export function marketModel(
  shape: Shape,
  strategies: readonly TracedStrategy[],
  tables: readonly MarketTable[],
  outside = false,
): ModelDeclaration {
  const acted = actedOn(strategies)
  const monthly = tables.filter(({ record }) => record.everyMonth)
  return {
    name: 'market',
    dimensions,
    relations: [...relations, ...strategies.map(({ name }) => followersOf(name))],
    tables: [
      ...tables.map(({ record }) => record),
      noticesRecord,
      ...(strategies.length > 0 ? [faultsRecord] : []),
      ...(outside ? exchangeTables : []),
    ],
    start: [start(shape), ...(strategies.length > 0 ? [noFaults] : [])],
    month: [
      draws(shape),
      events(shape),
      decisions(shape),
      beforeDecisions(strategies),
      ...(outside ? [observe(shape)] : []),
      strategic(shape, strategies),
      terms(shape, acted),
      choice(shape),
      enrolment(shape, acted),
      service(shape),
      books(shape, acted),
      capital(shape),
      exits(shape),
      learning(shape, acted),
      measure(shape),
      notice(shape, (_event, record, values) => recordRow(noticesRecord, record, values)),
      ...(monthly.length > 0 ? [count] : []),
      ...monthly.map((table) => table.step),
    ],
    finish: [
      ...(monthly.length > 0 ? [] : [count]),
      ...tables.filter(({ record }) => !record.everyMonth).map((table) => table.step),
      ...(strategies.length > 0 ? [recordFaults] : []),
    ],
  }
}
