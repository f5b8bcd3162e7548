/** The version of the engine, as every result states it; that of package.json, which a test checks. */
export const engineVersion = '0.2.0'
