-- A search looks among what one may read and nowhere else. What is found says in its document, beside its words, whose it
-- is: everybody's, a group's, that of all who read an open or a members' group. The lexemes have a space, as no word has.
-- The index then leaves out what is another's without reading a row of it; who may find a thing is asked of the row still.
-- The table is written anew: some 20 s for 400,000 posts.
ALTER TABLE findings ALTER COLUMN document SET EXPRESSION AS (
    setweight(to_tsvector('public.rotunda', title), 'A') || setweight(to_tsvector('public.rotunda', words), 'B')
    || array_to_tsvector(CASE WHEN kind NOT IN ('Thread', 'Post') THEN ARRAY['in all']
        ELSE array_remove(ARRAY['in ' || group_id::text, CASE WHEN audience IN ('open', 'members')
            THEN 'in ' || audience || CASE WHEN mayors_only THEN ' of mayors' ELSE '' END END], NULL) END))
