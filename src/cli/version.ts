import manifest from '../../package.json';

/** Version of this program. */
export const version = manifest.version;
