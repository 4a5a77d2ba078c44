set local check_function_bodies = off;
---
CREATE INDEX panel_items_struck ON public.panel_items USING btree (closed_at) WHERE ((kind = 'strikes'::text) AND (outcome = 'strike'::text));
