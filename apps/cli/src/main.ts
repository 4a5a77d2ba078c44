#!/usr/bin/env -S node --conditions=@recourse/source
import { enableCompileCache } from 'node:module';
import process from 'node:process';
import { cacheDir } from './environment.ts';

// Every command loads the same code. Compiled code is run as it is found: it lies where its user alone writes.
enableCompileCache(cacheDir(process.env));
await import('./run.ts');
