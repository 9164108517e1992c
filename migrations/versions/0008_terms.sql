-- A term by its person, at every request, and by its city, for every city shown. The constraints' GiST indexes know
-- both, but look through a page of a hundred entries one by one: 20 µs where a B-tree takes 4 (measured). With all that
-- is asked of a term in them, they are also what PostgreSQL takes to be cheaper.
CREATE INDEX terms_of_person ON terms (person_id) INCLUDE (id, city_id, during);
--;
CREATE INDEX terms_of_city ON terms (city_id) INCLUDE (id, person_id, during);
