"""Pages of cities: the directory with its map, a city, and the profile its office keeps."""
